package org.jtorch.models.sentence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.Module;

/**
 * Makes the states of the tokens of each text one: (N, S, dim) to (N, dim), or (N, k * dim) if it joins k ways.
 */
public final class Pooling extends Module<Pooling.Input, Tensor> {

    /**
     * What is pooled.
     *
     * @param states the states of the tokens, (N, S, dim)
     * @param attentionMask 1 for tokens and 0 for padding, (N, S); null if there is no padding
     */
    public record Input(Tensor states, @Nullable Tensor attentionMask) {}

    private final PoolingConfig config;

    /** Creates a pooling. */
    public Pooling(PoolingConfig config) {
        this.config = config;
    }

    /** Returns the configuration. */
    public PoolingConfig config() {
        return config;
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor states = input.states;
        Tensor mask = input.attentionMask == null ? Torch.onesLike(states.select(2, 0)) : input.attentionMask;
        Tensor weights = mask.to(states.dtype()).unsqueeze(2); // (N, S, 1)
        List<Tensor> pooled = new ArrayList<>();
        for (PoolingConfig.Mode mode : config.modes) {
            pooled.add(
                    switch (mode) {
                        case CLS -> states.select(1, 0);
                        case MAX ->
                            states.maskedFill(weights.eq(0), -1e9).max(1).values();
                        case MEAN -> sum(states, weights).div(number(weights));
                        case MEAN_SQRT_LEN_TOKENS ->
                            sum(states, weights).div(number(weights).sqrt());
                        case WEIGHTEDMEAN -> {
                            Tensor weighted = weights.mul(positions(states).to(states.dtype()));
                            yield sum(states, weighted).div(number(weighted));
                        }
                        case LASTTOKEN -> {
                            Tensor last = weights.ne(0)
                                    .to(DType.INT64)
                                    .mul(positions(states))
                                    .max(1, true)
                                    .indices();
                            yield states.mul(weights)
                                    .gather(1, last.expand(-1, -1, states.size(2)))
                                    .squeeze(1);
                        }
                    });
        }
        return pooled.size() == 1 ? pooled.get(0) : Torch.cat(pooled, 1);
    }

    private static Tensor sum(Tensor states, Tensor weights) {
        return states.mul(weights).sum(1);
    }

    private static Tensor number(Tensor weights) {
        return weights.sum(1).clampMin(1e-9);
    }

    /** Returns the numbers from 1 to S, (1, S, 1), int64. */
    private static Tensor positions(Tensor states) {
        TensorOptions options = TensorOptions.of(DType.INT64).device(states.device());
        return Torch.arange(1, states.size(1) + 1, 1, options).reshape(1, -1, 1);
    }

    @Override
    public String extraRepr() {
        return config.modes.toString();
    }
}
