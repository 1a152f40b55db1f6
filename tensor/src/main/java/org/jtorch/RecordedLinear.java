package org.jtorch;

import java.util.Map;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.Operator;
import org.bytedeco.pytorch.OperatorVector;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.ValueVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.ScriptedFunction;

/**
 * {@code x W^T + b} and its gradients, computed by oneDNN's inner product, which has no derivative in the engine. The
 * gradients are linear maps, too: that of the input is {@code g W}, that of the weight is {@code g^T x} or {@code (x^T
 * g)^T}, whichever has fewer rows.
 */
final class RecordedLinear {

    private static final String SOURCE = """
            def forward(x: Tensor, w: Tensor, b: Optional[Tensor],
                        kept_x: Optional[Tensor], kept_w: Optional[Tensor], trains_b: bool):
                return torch.linear(x, w, b)

            def backward(g: Tensor, x: Optional[Tensor], w: Optional[Tensor], trains_b: bool):
                of_x: Optional[Tensor] = None
                of_w: Optional[Tensor] = None
                of_b: Optional[Tensor] = None
                if torch.is_floating_point(g):
                    rows = g.reshape([-1, g.size(-1)])
                    if torch.is_grad_enabled():
                        if w is not None:
                            of_x = torch.matmul(g, w)
                        if x is not None:
                            of_w = torch.matmul(rows.t(), x.reshape([-1, x.size(-1)]))
                    else:
                        rows = rows.contiguous()
                        if w is not None:
                            of_x = torch.linear(g.contiguous(), w.t())
                        if x is not None:
                            columns = x.reshape([-1, x.size(-1)]).t()
                            if rows.size(1) <= columns.size(0):
                                of_w = torch.linear(rows.t(), columns)
                            else:
                                of_w = torch.linear(columns, rows.t()).t()
                    if trains_b:
                        of_b = rows.sum([0])
                return of_x, of_w, of_b
            """;

    private static final ScriptedFunction FUNCTION =
            new ScriptedFunction(SOURCE, 3, new int[] {3, 4, 5}, Map.of("aten::linear", RecordedLinear::innerProduct));

    private RecordedLinear() {}

    /** Computes the linear map. The caller owns the handle. */
    static org.bytedeco.pytorch.Tensor linear(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor b = bias == null ? null : bias.handle();
        return FUNCTION.call(
                x, w, b, w.requires_grad() ? x : null, x.requires_grad() ? w : null, b != null && b.requires_grad());
    }

    /** Adds {@code linear(x, w, b)} as oneDNN's operator, without a pointwise function after it. */
    private static JitNode innerProduct(Graph graph, JitNode linear) {
        Symbol name = Symbol.fromQualString("mkldnn::_linear_pointwise");
        OperatorVector operators = torch.getAllOperatorsFor(name);
        Operator operator = operators.get(0);
        Type scalars = operator.schema().arguments().getPointer(4).type().get();
        JitNode noScalars = graph.createList(scalars.containedType(0), new ValueVector());
        graph.insertNode(noScalars);
        Value none = graph.insertConstant(new IValue("none"));
        Value algorithm = graph.insertConstant(new IValue(""));
        return graph.create(
                name,
                new ValueVector(linear.input(0), linear.input(1), linear.input(2), none, noScalars.output(), algorithm),
                1);
    }
}
