package app;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.export.Compiled;
import org.jtorch.export.ExportedProgram;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;
import org.jtorch.serialize.Checkpoint;

/** Trains a line, saves it, reads it back, and exports it. */
public final class Main {

    static final class Net extends Module<Tensor, Tensor> {
        Linear fc = new Linear(4, 2);

        @Override
        protected Tensor forward(Tensor x) {
            return fc.call(x);
        }
    }

    public static void main(String[] args) throws Exception {
        Net net = new Net();
        AdamW optimizer = new AdamW(net.parameters(), o -> o.lr(1e-2));
        Tensor x = Torch.randn(16, 4);
        for (int step = 0; step < 5; step++) {
            try (TensorScope scope = new TensorScope()) {
                optimizer.zeroGrad();
                net.call(x).pow(2).mean().backward();
                optimizer.step();
            }
        }
        Path file = Files.createTempFile("net", ".pt");
        Checkpoint.save(file, net.stateDict());
        Net read = new Net();
        read.loadStateDict(Checkpoint.load(file).stateDict());
        Files.delete(file);
        if (!net.infer(x).equal(read.infer(x))) {
            throw new AssertionError("the model that was read computes something else");
        }
        net.eval();
        Path program = Files.createTempFile("net", ".pt2");
        ExportedProgram.of(net, x).save(program);
        ExportedProgram loaded = ExportedProgram.load(program);
        Files.delete(program);
        Tensor plain = loaded.module(Tensor.class, Tensor.class).infer(x);
        Tensor fast = Compiled.of(loaded, Tensor.class, Tensor.class).call(x);
        if (!plain.equal(net.infer(x)) || !fast.allclose(plain, 1e-4, 1e-5)) {
            throw new AssertionError("the program that was exported computes something else");
        }
        Module<?, ?> named = net;
        System.out.println("consumer: trained, saved and loaded " + read.stateDict().keySet() + " from "
                + (named.getClass().getModule().isNamed() ? "module " + named.getClass().getModule().getName() : "the class path"));
    }
}
