package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.internal.record.Recorder.Dynamic;

/** The sizes that may change, and the sizes that they have in each recording. */
final class Symbols {

    /** Where a size is: a dimension of one of the tensors among the inputs. */
    record Place(int tensor, int dim) {}

    private record Symbol(String name, long min, long max, List<Place> places, long given) {}

    private final List<Symbol> symbols = new ArrayList<>();
    private final List<long[]> sizes = new ArrayList<>();

    /**
     * Creates the symbols.
     *
     * @throws IllegalArgumentException if an input, a dimension or a size does not fit
     */
    Symbols(Arguments arguments, List<Dynamic> dynamics) {
        List<String> names = new ArrayList<>();
        List<Tensor> tensors = arguments.tensors();
        for (Arguments.Leaf leaf : arguments.leaves()) {
            if (leaf.value() instanceof Tensor) {
                names.add(leaf.name());
            }
        }
        Map<String, Symbol> byName = new LinkedHashMap<>();
        for (Dynamic dynamic : dynamics) {
            int tensor = names.indexOf(dynamic.input());
            if (tensor < 0) {
                throw new IllegalArgumentException(
                        "there is no input tensor '" + dynamic.input() + "'; the inputs are " + names);
            }
            int rank = tensors.get(tensor).dim();
            int dim = dynamic.dim() < 0 ? dynamic.dim() + rank : dynamic.dim();
            if (dim < 0 || dim >= rank) {
                throw new IllegalArgumentException("the input '" + dynamic.input() + "' has " + rank
                        + " dimensions, so there is no dimension " + dynamic.dim());
            }
            long size = tensors.get(tensor).size(dim);
            if (size < dynamic.min() || size > dynamic.max()) {
                throw new IllegalArgumentException("dimension " + dim + " of the input '" + dynamic.input()
                        + "' has size " + size + ", which is outside of '" + dynamic.name() + "', " + dynamic.min()
                        + " to " + dynamic.max());
            }
            Symbol symbol = byName.computeIfAbsent(
                    dynamic.name(), name -> new Symbol(name, dynamic.min(), dynamic.max(), new ArrayList<>(), size));
            if (symbol.given != size) {
                throw new IllegalArgumentException(
                        "dimension " + dim + " of the input '" + dynamic.input() + "' has size "
                                + size + ", but '" + dynamic.name() + "' is also a dimension of size " + symbol.given
                                + "; give them the same size, or two names");
            }
            symbol.places.add(new Place(tensor, dim));
        }
        symbols.addAll(byName.values());
        chooseSizes();
    }

    /** Each symbol changes alone, and then all of them together, twice. */
    private void chooseSizes() {
        int count = symbols.size();
        long[] given = symbols.stream().mapToLong(Symbol::given).toArray();
        sizes.add(given);
        if (count == 0) {
            return;
        }
        List<long[]> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            others.add(others(symbols.get(i), i));
        }
        if (count > 1) {
            for (int i = 0; i < count; i++) {
                long[] one = given.clone();
                one[i] = others.get(i)[0];
                sizes.add(one);
            }
        }
        for (int round = 0; round < 2; round++) {
            int column = round;
            sizes.add(others.stream().mapToLong(each -> each[column]).toArray());
        }
    }

    /** Returns two other sizes in the range, above 1 if possible, since operators treat a size of 1 in another way. */
    private static long[] others(Symbol symbol, int number) {
        Set<Long> chosen = new LinkedHashSet<>();
        long[] wanted = {
            symbol.given + 2 + number,
            symbol.given + 5 + 2L * number,
            symbol.given + 1,
            symbol.given - 1,
            symbol.given - 2,
            symbol.given - 3,
            symbol.min,
            symbol.max
        };
        for (int least = 2; least >= 0; least--) {
            for (long size : wanted) {
                if (size >= Math.max(symbol.min, least) && size <= symbol.max && size != symbol.given) {
                    chosen.add(size);
                }
            }
        }
        List<Long> list = List.copyOf(chosen);
        return new long[] {list.get(0), list.get(Math.min(1, list.size() - 1))};
    }

    int count() {
        return symbols.size();
    }

    /** Returns the sizes of the symbols in each recording. */
    List<long[]> sizes() {
        return sizes;
    }

    /** Returns a place where a symbol can be read. */
    Place place(int symbol) {
        return symbols.get(symbol).places.get(0);
    }

    RangeConstraint range(int symbol) {
        Symbol each = symbols.get(symbol);
        return new RangeConstraint(each.min, each.max == Long.MAX_VALUE ? null : each.max);
    }

    /** Returns the sizes of a recording as text. */
    String text(int recording) {
        if (symbols.isEmpty()) {
            return recording == 0 ? "the given values" : "the same values in another order";
        }
        StringJoiner text = new StringJoiner(", ");
        for (int i = 0; i < symbols.size(); i++) {
            text.add(symbols.get(i).name + " = " + sizes.get(recording)[i]);
        }
        return text.toString();
    }

    /**
     * Returns copies of tensors with the sizes of a recording, by repeating or cutting them.
     *
     * @throws ExportException if a tensor is empty and would have to be repeated
     */
    List<Tensor> resized(List<Tensor> tensors, int recording) {
        List<Tensor> resized = new ArrayList<>();
        for (int t = 0; t < tensors.size(); t++) {
            Tensor tensor = tensors.get(t).detach();
            for (int s = 0; s < symbols.size(); s++) {
                for (Place place : symbols.get(s).places) {
                    if (place.tensor == t) {
                        tensor = resized(tensor, place.dim, sizes.get(recording)[s]);
                    }
                }
            }
            resized.add(tensor.clone()
                    .requiresGrad_(Objects.requireNonNull(tensors.get(t)).requiresGrad()));
        }
        return resized;
    }

    private static Tensor resized(Tensor tensor, int dim, long size) {
        long old = tensor.size(dim);
        if (old == size) {
            return tensor;
        }
        if (old == 0) {
            throw new ExportException(
                    "an input of size 0 in a dynamic dimension cannot be repeated: record with a larger one");
        }
        Tensor index = Torch.arange(0, size, 1, TensorOptions.of(DType.INT64)).remainder(old);
        return tensor.indexSelect(dim, index);
    }
}
