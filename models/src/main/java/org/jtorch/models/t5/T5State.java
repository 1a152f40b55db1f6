package org.jtorch.models.t5;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.GenerationState;

/** The texts that T5 writes: the states of the texts that it has read, where these are padded, and a cache. */
final class T5State implements GenerationState {

    private final T5ForConditionalGeneration model;
    private final Tensor encoded;
    private final @Nullable Tensor mask;
    private final T5Cache cache;

    /**
     * Creates the state of texts without a token.
     *
     * @param encoded the states of the text to read of each one, (N, S, d_model)
     * @param mask 1 for tokens and 0 for padding of the text to read, (N, S); null if there is no padding
     * @param cache an empty cache; the state closes all three
     */
    T5State(T5ForConditionalGeneration model, Tensor encoded, @Nullable Tensor mask, T5Cache cache) {
        this.model = model;
        this.encoded = encoded.unscoped();
        this.mask = mask == null ? null : mask.unscoped();
        this.cache = cache;
    }

    @Override
    public Tensor add(Tensor ids) {
        return model.call(T5Input.step(encoded, mask, ids, cache))
                .logits()
                .select(1, -1)
                .to(DType.FLOAT32);
    }

    @Override
    public void reorder(Tensor indices) { // texts of the same prompt read the same
        cache.written().reorder(indices);
    }

    @Override
    public void close() {
        cache.close();
        encoded.close();
        if (mask != null) {
            mask.close();
        }
    }
}
