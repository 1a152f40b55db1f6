package org.jtorch.nn;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A list of parameters. It is a {@link List} whose elements are the parameters of this module, with their positions as keys.
 *
 * <pre>{@code
 * ParameterList scales = new ParameterList(Torch.ones(3), Torch.ones(3));
 * x = x.mul(scales.get(0)).add(scales.get(1));
 * }</pre>
 *
 * <p>The elements are {@code Parameter}s; a plain tensor that is added becomes a parameter over the same memory. PyTorch's
 * class also holds other objects, for which an ordinary list can be used here. Two lists are equal if their elements are equal.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ParameterList.html">torch.nn.ParameterList</a>
 */
public class ParameterList extends ListModule<Parameter> {

    /** Creates a list of the given parameters, in this order. Plain tensors become parameters. */
    public ParameterList(Tensor... values) {
        this(Arrays.asList(values));
    }

    /** Creates a list of the given parameters, in their order. Plain tensors become parameters. */
    public ParameterList(Collection<? extends Tensor> values) {
        super(ParameterList::checked);
        extend(values);
    }

    @Override
    final Parameter registering(int position, Parameter element) {
        Parameter registered = GlobalHooks.registering(this, String.valueOf(position), element);
        return Objects.requireNonNull(registered, "the elements of a ParameterList must not be null");
    }

    /** Adds a parameter at the end. A plain tensor becomes a parameter. */
    public final ParameterList append(Tensor value) {
        add(Parameter.of(value));
        return this;
    }

    /** Adds parameters at the end. Plain tensors become parameters. */
    public final ParameterList extend(Collection<? extends Tensor> values) {
        List.copyOf(values).forEach(this::append); // The argument may be this list itself.
        return this;
    }

    /**
     * Returns a new list of some of the same parameters: PyTorch's {@code list[start:stop:step]}.
     *
     * @param start the first position; negative counts from the end, null means the first
     * @param stop the position before which to stop; negative counts from the end, null means after the last
     * @param step the distance from one position to the next; negative goes backwards
     */
    public final ParameterList slice(@Nullable Integer start, @Nullable Integer stop, int step) {
        ParameterList result = new ParameterList();
        for (int i : Slices.positions(size(), start, stop, step)) {
            result.append(elements.get(i));
        }
        return result;
    }

    private static Parameter checked(@Nullable Parameter parameter) {
        if (parameter == null) {
            throw new NullPointerException("the elements of a ParameterList must not be null");
        }
        Registry.checkLeaf("an element", parameter);
        return parameter;
    }

    @Override
    void visitListed(BiConsumer<String, Parameter> visitor) {
        for (int i = 0; i < elements.size(); i++) {
            visitor.accept(String.valueOf(i), elements.get(i));
        }
    }

    @Override
    @Nullable
    Parameter listed(String key) {
        return elementAt(key);
    }

    @Override
    void setListed(String key, Parameter parameter) {
        elements.replace(Integer.parseInt(key), parameter);
    }

    @Override
    @Nullable
    Object attribute(String name) {
        Parameter element = elementAt(name);
        return element == null ? super.attribute(name) : element;
    }

    /** {@inheritDoc} A list cannot be called, so this method always throws. */
    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException("ParameterList should not be called.");
    }

    @Override
    protected String extraRepr() {
        StringJoiner lines = new StringJoiner("\n");
        for (int i = 0; i < elements.size(); i++) {
            Parameter p = elements.get(i);
            lines.add("  (" + i + "): " + Repr.parameter(p, p.dtype().toString()));
        }
        return lines.toString();
    }
}
