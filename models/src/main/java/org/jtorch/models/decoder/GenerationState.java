package org.jtorch.models.decoder;

import org.jtorch.Tensor;

/**
 * What a {@link GenerativeModel} keeps of the texts of a batch, so that each token is read once. It is for inference, and for one thread
 * at a time.
 */
public interface GenerationState extends AutoCloseable {

    /**
     * Adds tokens to the texts.
     *
     * @param ids the next tokens of each text, (N, S), int64
     * @return the scores of the tokens after these, (N, vocab_size), float32
     */
    Tensor add(Tensor ids);

    /**
     * Replaces each text by another one of the same prompt, as a beam search does.
     *
     * @param indices the text that each one becomes, (N), int64
     */
    void reorder(Tensor indices);

    /** Frees the memory. */
    @Override
    void close();
}
