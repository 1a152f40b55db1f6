/** What jtorch has of PyTorch's {@code torch.nn}, as the table {@code docs/coverage.md}. */
@NullMarked
package org.jtorch.parity.coverage;

import org.jspecify.annotations.NullMarked;
