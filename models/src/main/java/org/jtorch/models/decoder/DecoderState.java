package org.jtorch.models.decoder;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/** The texts of a decoder, which begin with the prompts: a cache, and where the prompts are padded. */
final class DecoderState implements GenerationState {

    private final CausalModel<?> model;
    private final KeyValueCache cache;

    /** 1 for tokens and 0 for padding, (N, tokens so far); null if there is no padding. */
    private @Nullable Tensor mask;

    private boolean started;

    /**
     * Creates the state of texts without a token.
     *
     * @param mask 1 for tokens and 0 for padding of the first tokens that are added, (N, S), int64; null if there is no padding
     * @param cache an empty cache; the state closes both
     */
    DecoderState(CausalModel<?> model, @Nullable Tensor mask, KeyValueCache cache) {
        this.model = model;
        this.mask = mask == null ? null : mask.unscoped();
        this.cache = cache;
    }

    @Override
    public Tensor add(Tensor ids) {
        Tensor own = mask;
        Tensor positions = null;
        if (own != null) {
            if (started) {
                Tensor longer = Torch.cat(List.of(own, Torch.onesLike(ids)), 1).unscoped();
                closeMask();
                own = longer;
                mask = longer;
            }
            Tensor counted = own.cumsum(-1).sub(1).maskedFill(own.eq(0), 1);
            positions = counted.narrow(1, own.size(1) - ids.size(1), ids.size(1));
        }
        started = true;
        return model.call(new DecoderInput(ids, own, positions, cache, 1))
                .select(1, -1)
                .to(DType.FLOAT32);
    }

    @Override
    public void reorder(Tensor indices) { // texts of the same prompt are padded alike
        cache.reorder(indices);
    }

    private void closeMask() {
        if (mask != null) {
            mask.close();
        }
    }

    @Override
    public void close() {
        cache.close();
        closeMask();
    }
}
