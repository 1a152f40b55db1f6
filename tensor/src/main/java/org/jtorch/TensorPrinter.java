package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.global.torch;
import org.jtorch.internal.text.PythonNumbers;

/**
 * Formats tensors as Python's {@code repr(tensor)}: the values in nested brackets, then the attributes that are not the
 * default.
 */
final class TensorPrinter {

    private static final String PREFIX = "tensor(";

    private final PrintOptions options;

    private TensorPrinter(PrintOptions options) {
        this.options = options;
    }

    /** Returns the text that Python prints for {@code tensor}. */
    static String repr(Tensor tensor, PrintOptions options) {
        if (tensor.isClosed()) {
            return "tensor(freed)"; // a debugger may print a freed tensor
        }
        try {
            return new TensorPrinter(options).print(tensor);
        } catch (RuntimeException e) {
            throw Ops.failure("repr", e);
        }
    }

    private String print(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = tensor.handle();
        return handle.is_nested() ? nested(handle) : plain(tensor, handle);
    }

    private String plain(Tensor tensor, org.bytedeco.pytorch.Tensor handle) {
        List<String> suffixes = new ArrayList<>();
        Device device = tensor.device();
        Layout layout = tensor.layout();
        DType dtype = tensor.dtype();
        boolean usual =
                dtype == DType.FLOAT32 || dtype == DType.COMPLEX64 || dtype == DType.INT64 || dtype == DType.BOOL;
        String size = "size=" + PythonNumbers.tuple(tensor.shape());
        if (!device.type().equals("cpu")) {
            suffixes.add("device='" + device + "'");
        }
        String body;
        try (var plain = handle.detach()) {
            if (layout != Layout.STRIDED && layout != Layout.MKLDNN && layout != Layout.JAGGED) {
                suffixes.add(size);
                if (!handle.is_meta()) {
                    suffixes.add("nnz=" + plain._nnz());
                }
                if (!usual) {
                    suffixes.add("dtype=" + dtype);
                }
                body = sparse(plain, layout);
            } else if (handle.is_quantized()) {
                suffixes.add(size);
                suffixes.add("dtype=" + dtype);
                body = quantized(plain, suffixes);
            } else if (handle.is_meta() || !readable(dtype)) {
                suffixes.add(size);
                if (dtype != DType.FLOAT32) {
                    suffixes.add("dtype=" + dtype);
                }
                body = "...";
            } else if (handle.numel() == 0) {
                if (handle.dim() != 1) {
                    suffixes.add(size);
                }
                if (dtype != DType.FLOAT32) {
                    suffixes.add("dtype=" + dtype);
                }
                body = "[]";
            } else {
                if (options.edgeitems() == 0) {
                    suffixes.add(size);
                }
                if (!usual) {
                    suffixes.add("dtype=" + dtype);
                }
                body = strided(plain, PREFIX.length());
            }
        }
        if (layout != Layout.STRIDED) {
            suffixes.add("layout=" + layout);
        }
        addHistory(handle, suffixes);
        return finish(PREFIX + body, suffixes, layout == Layout.SPARSE_COO);
    }

    private static void addHistory(org.bytedeco.pytorch.Tensor handle, List<String> suffixes) {
        String gradient = gradFn(handle);
        if (!gradient.isEmpty()) {
            suffixes.add("grad_fn=<" + gradient + ">");
        } else if (handle.requires_grad()) {
            suffixes.add("requires_grad=True");
        }
    }

    /** Returns the tensors of a nested tensor, one below the other. */
    private String nested(org.bytedeco.pytorch.Tensor handle) {
        List<String> parts = new ArrayList<>();
        boolean recorded = handle.requires_grad();
        try (var plain = handle.detach();
                var vector = plain.unbind(0)) {
            for (long i = 0; i < vector.size(); i++) {
                try (var part = vector.get(i)) {
                    String text = print(new Tensor(part));
                    if (recorded) {
                        text = text.substring(0, text.length() - 1) + ", requires_grad=True)";
                    }
                    parts.add("  " + text.replace("\n", "\n  "));
                }
            }
        }
        List<String> suffixes = new ArrayList<>();
        addHistory(handle, suffixes);
        return finish("nested_tensor([\n" + String.join(",\n", parts) + "\n]", suffixes, false);
    }

    /** Appends the suffixes, on the last line as long as they fit. */
    private String finish(String text, List<String> suffixes, boolean newline) {
        StringBuilder out = new StringBuilder(text);
        int line = text.length() - text.lastIndexOf('\n') + 1;
        boolean force = newline;
        for (String suffix : suffixes) {
            if (force || line + suffix.length() + 2 > options.linewidth()) {
                out.append(",\n").append(" ".repeat(PREFIX.length())).append(suffix);
                line = PREFIX.length() + suffix.length();
                force = false;
            } else {
                out.append(", ").append(suffix);
                line += suffix.length() + 2;
            }
        }
        return out.append(')').toString();
    }

    /** Returns the name of the function that computed the tensor in its graph, or an empty string. */
    private static String gradFn(org.bytedeco.pytorch.Tensor handle) {
        if (!handle.requires_grad() || handle.is_leaf()) {
            return "";
        }
        try (Node node = handle.grad_fn()) {
            if (node == null || node.isNull()) {
                return "";
            }
            try (var name = node.name()) {
                String text = name.getString();
                int namespace = text.lastIndexOf("::");
                return pythonName(namespace < 0 ? text : text.substring(namespace + 2));
            }
        } catch (RuntimeException e) {
            return "Invalid"; // a view that was made without recording and then changed; PyTorch prints the same word
        }
    }

    /**
     * Returns Python's name of a function. Python computes {@code x + 1} with two tensors, jtorch with a tensor and a
     * number.
     */
    private static String pythonName(String node) {
        return switch (node) {
            case "AddBackward1", "SubBackward1", "MulBackward1", "DivBackward1" ->
                node.substring(0, node.length() - 1) + "0";
            default -> node;
        };
    }

    // --- values ------------------------------------------------------------------------------------------------

    /** Returns whether the engine can convert the elements. It cannot convert bits and integers of less than 8 bits. */
    private static boolean readable(DType dtype) {
        return switch (dtype) {
            case UINT1, UINT2, UINT3, UINT4, UINT5, UINT6, UINT7, INT1, INT2, INT3, INT4, INT5, INT6, INT7 -> false;
            case BITS1X8, BITS2X4, BITS4X2, BITS8, BITS16 -> false;
            default -> true;
        };
    }

    private static long[] shapeOf(org.bytedeco.pytorch.Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    private String strided(org.bytedeco.pytorch.Tensor tensor, int indent) {
        if (tensor.numel() == 0) {
            return "[]";
        }
        DType dtype = DType.of(tensor.scalar_type());
        try (var dense = Layout.of(tensor.layout()) == Layout.STRIDED ? tensor.detach() : tensor.to_dense();
                var unconjugated = dense.resolve_conj();
                var plain = unconjugated.resolve_neg()) {
            boolean summarize = plain.numel() > options.threshold();
            try (var shown = summarize ? edges(plain) : plain.detach()) {
                return new Rows(Elements.of(shown, dtype, options), shapeOf(plain), summarize).text(0, indent, 0);
            }
        }
    }

    /**
     * Returns a view of the elements that a summary shows. Each dimension that is too long becomes two; the first has size
     * 2, for the start and the end.
     */
    private org.bytedeco.pytorch.Tensor edges(org.bytedeco.pytorch.Tensor tensor) {
        long edge = options.edgeitems();
        List<Long> sizes = new ArrayList<>();
        List<Long> strides = new ArrayList<>();
        for (int i = 0; i < tensor.dim(); i++) {
            long size = tensor.size(i);
            long stride = tensor.stride(i);
            if (size > 2 * edge) {
                sizes.add(2L);
                strides.add((size - edge) * stride);
                size = edge;
            }
            sizes.add(size);
            strides.add(stride);
        }
        return tensor.as_strided(
                sizes.stream().mapToLong(Long::longValue).toArray(),
                strides.stream().mapToLong(Long::longValue).toArray());
    }

    /** The elements that are shown, copied together, and their format. */
    private record Elements(ElementFormat first, ElementFormat second, boolean complex) {

        static Elements of(org.bytedeco.pytorch.Tensor shown, DType dtype, PrintOptions options) {
            int count = Math.toIntExact(shown.numel());
            if (dtype.isComplex()) {
                double[] parts;
                try (var wide = shown.to(DType.COMPLEX128.scalarType);
                        var real = torch.view_as_real(wide)) {
                    parts = doubles(real, count * 2);
                }
                return new Elements(
                        ElementFormat.real(parts, 0, 2, options), ElementFormat.real(parts, 1, 2, options), true);
            }
            ElementFormat format;
            if (dtype == DType.FLOAT4_E2M1FN_X2) {
                try (var bytes = shown.view(DType.UINT8.scalarType)) {
                    format = ElementFormat.real(doubles(bytes, count), 0, 1, options);
                }
            } else if (dtype.isFloatingPoint()) {
                format = ElementFormat.real(doubles(shown, count), 0, 1, options);
            } else if (dtype == DType.UINT64) {
                try (var signed = shown.view(DType.INT64.scalarType)) {
                    long[] values = longs(signed, count);
                    format = ElementFormat.plain(count, i -> Long.toUnsignedString(values[i]));
                }
            } else {
                long[] values = longs(shown, count);
                format = dtype == DType.BOOL
                        ? ElementFormat.plain(count, i -> values[i] == 0 ? "False" : "True")
                        : ElementFormat.plain(count, i -> Long.toString(values[i]));
            }
            return new Elements(format, format, false);
        }

        private static double[] doubles(org.bytedeco.pytorch.Tensor tensor, int count) {
            double[] values = new double[count];
            try (var cpu = Device.CPU.handle();
                    var wide = tensor.to(cpu, DType.FLOAT64.scalarType);
                    var dense = wide.contiguous()) {
                if (count > 0) {
                    dense.data_ptr_double().get(values, 0, count);
                }
            }
            return values;
        }

        private static long[] longs(org.bytedeco.pytorch.Tensor tensor, int count) {
            long[] values = new long[count];
            try (var cpu = Device.CPU.handle();
                    var wide = tensor.to(cpu, DType.INT64.scalarType);
                    var dense = wide.contiguous()) {
                if (count > 0) {
                    dense.data_ptr_long().get(values, 0, count);
                }
            }
            return values;
        }

        /** Returns the number of characters of an element, without its comma. */
        int width() {
            return complex ? first.width() + second.width() + 1 : first.width();
        }

        String text(int index) {
            if (!complex) {
                return first.format(index);
            }
            String imaginary = second.format(index).strip() + "j";
            boolean signed = imaginary.startsWith("-") || imaginary.startsWith("+");
            return first.format(index) + (signed ? "" : "+") + imaginary;
        }
    }

    /** Formats elements in nested brackets. */
    private final class Rows {
        private final Elements elements;
        private final long[] shape;
        private final boolean summarize;
        private final int[] shown;
        private final int[] steps;

        Rows(Elements elements, long[] shape, boolean summarize) {
            this.elements = elements;
            this.shape = shape;
            this.summarize = summarize;
            shown = new int[shape.length];
            steps = new int[shape.length];
            int step = 1;
            for (int i = shape.length - 1; i >= 0; i--) {
                shown[i] = cut(i) ? 2 * options.edgeitems() : (int) shape[i];
                steps[i] = step;
                step *= shown[i];
            }
        }

        /** Returns whether dimension {@code dim} is too long to be shown completely. */
        private boolean cut(int dim) {
            return summarize && shape[dim] > 2L * options.edgeitems();
        }

        String text(int dim, int indent, int at) {
            if (dim == shape.length) {
                return elements.text(at);
            }
            boolean last = dim == shape.length - 1;
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < shown[dim]; i++) {
                if (cut(dim) && i == options.edgeitems()) {
                    parts.add(last ? " ..." : "...");
                }
                parts.add(text(dim + 1, indent + 1, at + i * steps[dim]));
            }
            if (cut(dim) && options.edgeitems() == 0) {
                parts.add("...");
            }
            String gap = " ".repeat(indent + 1);
            if (!last) {
                return "[" + String.join("," + "\n".repeat(shape.length - dim - 1) + gap, parts) + "]";
            }
            int perLine = Math.max(1, Math.floorDiv(options.linewidth() - indent, elements.width() + 2));
            StringBuilder out = new StringBuilder("[");
            for (int i = 0; i < parts.size(); i++) {
                out.append(i == 0 ? "" : i % perLine == 0 ? ",\n" + gap : ", ").append(parts.get(i));
            }
            return out.append(']').toString();
        }
    }

    // --- other layouts -----------------------------------------------------------------------------------------

    private String sparse(org.bytedeco.pytorch.Tensor tensor, Layout layout) {
        List<String> parts = new ArrayList<>();
        if (layout == Layout.SPARSE_COO) {
            try (var indices = tensor._indices();
                    var values = tensor._values()) {
                parts.add(part("indices", indices));
                parts.add(part("values", values));
            }
        } else {
            boolean rows = layout == Layout.SPARSE_CSR || layout == Layout.SPARSE_BSR;
            try (var compressed = rows ? tensor.crow_indices() : tensor.ccol_indices();
                    var plain = rows ? tensor.col_indices() : tensor.row_indices();
                    var values = tensor.values()) {
                parts.add(part(rows ? "crow_indices" : "ccol_indices", compressed));
                parts.add(part(rows ? "col_indices" : "row_indices", plain));
                parts.add(part("values", values));
            }
        }
        return String.join(",\n" + " ".repeat(PREFIX.length()), parts);
    }

    private String part(String name, org.bytedeco.pytorch.Tensor tensor) {
        String prefix = name + "=tensor(";
        String text;
        try (var plain = tensor.detach()) {
            text = plain.is_meta() ? "..." : strided(plain, PREFIX.length() + prefix.length());
        }
        if (tensor.is_meta() || tensor.numel() == 0) {
            text += ", size=" + PythonNumbers.tuple(shapeOf(tensor));
        }
        return prefix + text + ")";
    }

    private String quantized(org.bytedeco.pytorch.Tensor tensor, List<String> suffixes) {
        torch.QScheme scheme = tensor.qscheme().intern();
        suffixes.add("quantization_scheme=torch." + scheme.name().toLowerCase(Locale.ROOT));
        if (scheme == torch.QScheme.PER_TENSOR_AFFINE || scheme == torch.QScheme.PER_TENSOR_SYMMETRIC) {
            suffixes.add("scale=" + PythonNumbers.repr(tensor.q_scale()));
            suffixes.add("zero_point=" + tensor.q_zero_point());
        }
        try (var values = tensor.dequantize()) {
            return strided(values, PREFIX.length());
        }
    }
}
