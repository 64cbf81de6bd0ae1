/** Voucher Service: sells premium vouchers for points, and tells who sold and helped. */
@NullMarked
package points.voucher;

import org.jspecify.annotations.NullMarked;
