/** Text generation: the tokens that follow a prompt, or that answer it. */
@NullMarked
package org.jtorch.models.generation;

import org.jspecify.annotations.NullMarked;
