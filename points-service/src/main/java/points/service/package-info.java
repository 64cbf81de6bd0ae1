/** The Points Service: the HTTP contract over the PostgreSQL ledger. */
@NullMarked
package points.service;

import org.jspecify.annotations.NullMarked;
