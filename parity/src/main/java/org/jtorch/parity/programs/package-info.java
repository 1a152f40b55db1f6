/** Writes modules as exported programs, which {@code parity/record/check_java_programs.py} reads with the real PyTorch. */
@NullMarked
package org.jtorch.parity.programs;

import org.jspecify.annotations.NullMarked;
