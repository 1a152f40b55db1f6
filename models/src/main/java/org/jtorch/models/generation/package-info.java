/** Text generation: the tokens that follow a prompt. */
@NullMarked
package org.jtorch.models.generation;

import org.jspecify.annotations.NullMarked;
