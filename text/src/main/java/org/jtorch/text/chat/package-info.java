/** Conversations to the text that a model was trained on. */
@NullMarked
package org.jtorch.text.chat;

import org.jspecify.annotations.NullMarked;
