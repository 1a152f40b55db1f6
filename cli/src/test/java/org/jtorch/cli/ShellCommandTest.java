package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code jtorch shell} with lines as a person types them. */
class ShellCommandTest {

    @Test
    void evaluatesWhatIsTyped() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "shell")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write("""
                        Torch.ones(2, 3)
                        Module<Tensor, Tensor> model = new Sequential(new Linear(3, 1), new ReLU())
                        model
                        var optimizer = new AdamW(model.parameters())
                        F.relu(Torch.tensor(new double[] {-1, 2}))
                        Checkpoint.class
                        /exit
                        """.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertTrue(out.startsWith("jtorch: type Java, for example Torch.randn(2, 3)."), out);
        assertTrue(out.contains("tensor([[1., 1., 1.],"), out);
        assertTrue(out.contains("(0): Linear(in_features=3, out_features=1, bias=True)"), out);
        assertTrue(out.contains("tensor([0., 2.], dtype=torch.float64)"), out);
        assertTrue(out.contains("class org.jtorch.serialize.Checkpoint"), out);
        assertFalse(out.contains("Error"), out);
    }

    @Test
    void importsWhatAUserNamesAndNothingInternal() throws IOException {
        List<String> imports = ShellImports.of(System.getProperty("java.class.path"));
        assertTrue(imports.contains("import org.jtorch.*;"), imports::toString);
        assertTrue(imports.contains("import org.jtorch.nn.*;"), imports::toString);
        assertTrue(imports.contains("import org.jtorch.nn.Module;"), imports::toString);
        assertTrue(imports.contains("import org.jtorch.optim.*;"), imports::toString);
        assertTrue(imports.stream().noneMatch(line -> line.contains("internal")), imports::toString);
    }
}
