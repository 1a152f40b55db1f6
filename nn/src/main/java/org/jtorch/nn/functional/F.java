package org.jtorch.nn.functional;

/**
 * Layers and losses as functions without state: PyTorch's {@code torch.nn.functional}. The layers compute by these.
 *
 * <p>Optional arguments that are left out have PyTorch's defaults. An operation that the engine refuses is a
 * {@code TorchException}.
 *
 * @see <a href="https://pytorch.org/docs/stable/nn.functional.html">torch.nn.functional</a>
 */
public final class F extends LossFunctions {

    private F() {}
}
