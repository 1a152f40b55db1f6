package org.jtorch.data;

import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;

/**
 * Given indices in a random order, each once.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/data.html#torch.utils.data.SubsetRandomSampler">torch.utils.data.SubsetRandomSampler</a>
 */
public final class SubsetRandomSampler implements Sampler<Integer> {

    private final int[] indices;
    private final @Nullable Generator generator;

    /** Creates a sampler of {@code indices}, which are copied. The default generator gives the order. */
    public SubsetRandomSampler(int... indices) {
        this(indices, null);
    }

    /**
     * Creates a sampler of {@code indices}.
     *
     * @param indices copied
     * @param generator the source of the order, or null for the default generator
     */
    public SubsetRandomSampler(int[] indices, @Nullable Generator generator) {
        this.indices = indices.clone();
        this.generator = generator;
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public PrimitiveIterator.OfInt iterator() {
        return new LazyIndices(() -> IntStream.of(Draws.permutation(indices.length, generator))
                .map(i -> indices[i])
                .toArray());
    }

    @Override
    public Map<String, Object> stateDict() {
        return Draws.state(generator);
    }

    @Override
    public void loadStateDict(Map<?, ?> state) {
        Draws.restore(generator, state);
    }
}
