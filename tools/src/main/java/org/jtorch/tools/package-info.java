/** Tools that examine models: their structure, what they compute, the memory they use, and what is wrong with them. */
@NullMarked
package org.jtorch.tools;

import org.jspecify.annotations.NullMarked;
