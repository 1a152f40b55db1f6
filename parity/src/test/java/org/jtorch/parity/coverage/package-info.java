/** What of PyTorch's {@code torch.nn} there is in Java, as the table {@code docs/coverage.md}. */
@NullMarked
package org.jtorch.parity.coverage;

import org.jspecify.annotations.NullMarked;
