/** RoBERTa, XLM-RoBERTa and CamemBERT, which compute the same. */
@NullMarked
package org.jtorch.models.roberta;

import org.jspecify.annotations.NullMarked;
