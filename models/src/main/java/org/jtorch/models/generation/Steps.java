package org.jtorch.models.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.decoder.CausalModel;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.decoder.KeyValueCache;

/** The scores of the next token after tokens that are added step by step, with a cache. */
final class Steps implements AutoCloseable {

    /** The greatest number of tokens for which memory is taken at the beginning. */
    private static final long MOST_AT_ONCE = 4096;

    private final CausalModel<?> model;
    private final KeyValueCache cache;

    /** 1 for tokens and 0 for padding, (N, tokens so far); null if there is no padding. */
    private @Nullable Tensor mask;

    private boolean started;

    Steps(CausalModel<?> model, @Nullable Tensor mask, long capacity) {
        this.model = model;
        this.mask = mask == null ? null : mask.clone().unscoped();
        // a folder may ask for very many tokens, which are rarely made
        this.cache = capacity <= MOST_AT_ONCE ? model.newCache(capacity) : model.newCache();
    }

    /** Adds tokens, (N, S), and returns the scores of the next ones, (N, vocab_size), float32. */
    Tensor add(Tensor ids) {
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

    /** Replaces each text by another one. */
    void reorder(Tensor indices) {
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
