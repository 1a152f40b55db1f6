package org.jtorch.nn;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A list of parameters: a {@link List} like any other, whose elements are this module's parameters under their positions.
 *
 * <pre>{@code
 * ParameterList scales = new ParameterList(Torch.ones(3), Torch.ones(3));
 * x = x.mul(scales.get(0)).add(scales.get(1));
 * }</pre>
 *
 * <p>It holds {@code Parameter}s; a plain tensor that comes in is made one over the same memory. PyTorch's holds other objects
 * too, which in Java belong into a list of their own. As of any list, equality is that of the elements.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ParameterList.html">torch.nn.ParameterList</a>
 */
public class ParameterList extends ListModule<Parameter> {

    /** With these parameters, in this order; plain tensors are made ones. */
    public ParameterList(Tensor... values) {
        this(Arrays.asList(values));
    }

    /** With these parameters, in their order; plain tensors are made ones. */
    public ParameterList(Collection<? extends Tensor> values) {
        super(ParameterList::checked);
        extend(values);
    }

    /** Adds a parameter at the end; a plain tensor is made one. */
    public final ParameterList append(Tensor value) {
        elements.add(Parameter.of(value));
        return this;
    }

    /** Adds parameters at the end; plain tensors are made ones. */
    public final ParameterList extend(Collection<? extends Tensor> values) {
        List.copyOf(values).forEach(this::append); // values may be this
        return this;
    }

    /**
     * Returns a new list of some of the parameters, the same ones: PyTorch's {@code list[start:stop:step]}.
     *
     * @param start the first position; negative counts from the end, null is the first
     * @param stop the position to stop before; negative counts from the end, null goes to the last
     * @param step how far it is from one to the next, negative goes backwards
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
            throw new NullPointerException("a ParameterList has no place for null");
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

    /** {@inheritDoc} A list has nothing to compute: always throws. */
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
