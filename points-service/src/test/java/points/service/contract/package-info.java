/** Holds every answer seen in the tests to the OpenAPI document, and the document to itself. */
@NullMarked
package points.service.contract;

import org.jspecify.annotations.NullMarked;
