package org.jtorch.nn.utils.prune;

import java.util.stream.LongStream;
import org.jtorch.Tensor;

/** Prunes the channels with the least n-norm. */
public final class LnStructured extends StructuredPruning {

    private final Object n;

    /** The least channels along the last dimension. */
    public LnStructured(Number amount, Number n) {
        this(amount, n, -1);
    }

    /**
     * The least channels.
     *
     * @param amount a share in [0, 1] (a float or double), or a number of channels (an integer)
     * @param n which norm; may be infinite
     * @param dim along which channels are counted
     */
    public LnStructured(Number amount, Number n, long dim) {
        super(amount, dim);
        this.n = n;
    }

    /**
     * The least channels.
     *
     * @param amount a share in [0, 1] (a float or double), or a number of channels (an integer)
     * @param n {@code "fro"} or {@code "nuc"}
     * @param dim along which channels are counted
     */
    public LnStructured(Number amount, String n, long dim) {
        super(amount, dim);
        this.n = n;
    }

    @Override
    Tensor kept(Tensor t, long channels, long count) {
        return norm(t).topk(channels - count).indices();
    }

    /** Returns the norm of each channel. */
    private Tensor norm(Tensor t) {
        long channel = dim < 0 ? dim + t.dim() : dim;
        long[] others = LongStream.range(0, t.dim()).filter(d -> d != channel).toArray();
        if (n instanceof Number p) {
            return t.linalgVectorNorm(p, others);
        }
        if (n.equals("nuc") || others.length == 2) {
            return t.linalgMatrixNorm((String) n, others.length == 2 ? others : new long[] {-2, -1});
        }
        return t.linalgVectorNorm(2, others);
    }
}
