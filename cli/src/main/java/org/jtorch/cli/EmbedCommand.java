package org.jtorch.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.text.TextEmbedder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch embed}: makes texts into embeddings. */
@Command(
        name = "embed",
        description = {
            "Makes texts into embeddings, with a folder of sentence-transformers.",
            "Prints a line of JSON for each text: the text, and the numbers of its embedding."
        })
final class EmbedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    ModelFolder folder = new ModelFolder();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The texts.")
    List<String> texts = List.of();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "What stands before each text, such as 'query: ', or the name of a prompt of the folder.")
    @Nullable
    String prompt;

    @Option(
            names = "--similarity",
            description = "Print how similar each text is to the first one, from -1 to 1, and not the embeddings.")
    boolean similarity;

    @Option(
            names = "--output",
            paramLabel = "OUT",
            description = "Write the embeddings, a tensor of shape (texts, numbers), to this .safetensors file.")
    @Nullable
    Path output;

    @Override
    public Integer call() throws IOException {
        if (texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "there is no TEXT to embed");
        }
        PrintWriter print = spec.commandLine().getOut();
        List<float[]> embeddings;
        try (TextEmbedder embedder = TextEmbedder.load(folder.path())) {
            embeddings = prompt == null
                    ? embedder.embedAll(texts)
                    : embedder.embedAll(texts, embedder.prompts().getOrDefault(prompt, prompt));
        }
        Path file = output;
        if (file != null) {
            save(file, embeddings);
        } else if (similarity) {
            for (int i = 0; i < texts.size(); i++) {
                double cosine = TextEmbedder.cosineSimilarity(embeddings.get(0), embeddings.get(i));
                print.printf(Locale.ROOT, "%7.4f  %s%n", cosine, texts.get(i));
            }
        } else {
            for (int i = 0; i < texts.size(); i++) {
                print.println(json(texts.get(i), embeddings.get(i)));
            }
        }
        print.flush();
        return 0;
    }

    private static void save(Path file, List<float[]> embeddings) {
        float[] all = new float[embeddings.size() * embeddings.get(0).length];
        for (int i = 0; i < embeddings.size(); i++) {
            System.arraycopy(embeddings.get(i), 0, all, i * embeddings.get(0).length, embeddings.get(0).length);
        }
        try (Tensor flat = Torch.tensor(all);
                Tensor table = flat.reshape(embeddings.size(), -1)) {
            Checkpoint.saveSafetensors(file, Map.of("embeddings", table));
        }
    }

    private static String json(String text, float[] embedding) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("text", text);
            json.writeArrayFieldStart("embedding");
            for (float each : embedding) {
                json.writeNumber(each);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return line.toString();
    }
}
