package org.jtorch.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jtorch.text.TextEmbedder;
import org.jtorch.text.tokenizers.EncodeOptions;
import org.jtorch.text.tokenizers.Tokens;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniLmTest {

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws Exception {
        MiniLm.write(folder);
    }

    /** The similarities were computed by PyTorch. */
    @Test
    void similarSentencesAreClose() {
        try (TextEmbedder embedder = TextEmbedder.load(folder)) {
            float[] cat = embedder.embed("The cat sits on the mat.");
            assertEquals(
                    0.5735, TextEmbedder.cosineSimilarity(cat, embedder.embed("A feline is resting on a rug.")), 5e-5);
            assertEquals(
                    0.0267,
                    TextEmbedder.cosineSimilarity(cat, embedder.embed("Stock markets fell sharply on Monday.")),
                    5e-5);
        }
    }

    @Test
    void oneHundredSentencesAreThoseOfOnnxRuntime() throws Exception {
        List<String> sentences = sentences();
        assertEquals(100, sentences.size());
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (TextEmbedder embedder = TextEmbedder.load(folder);
                OrtSession session = environment.createSession(
                        MiniLm.resource("all-minilm-l6-v2.onnx").readAllBytes())) {
            List<float[]> all = embedder.embedAll(sentences);
            double least = 1;
            for (int i = 0; i < sentences.size(); i++) {
                Tokens tokens =
                        embedder.tokenizer().encode(sentences.get(i), null, EncodeOptions.DEFAULTS.withMaxLength(256));
                float[] expected = meanState(environment, session, tokens);
                least = Math.min(least, TextEmbedder.cosineSimilarity(expected, all.get(i)));
            }
            assertTrue(least > 0.9999, "the least cosine is " + least);
        }
    }

    private static float[] meanState(OrtEnvironment environment, OrtSession session, Tokens tokens) throws Exception {
        long[][] mask = {new long[tokens.size()]};
        Arrays.fill(mask[0], 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {tokens.ids()});
                OnnxTensor ones = OnnxTensor.createTensor(environment, mask);
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][tokens.size()]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", ones, "token_type_ids", types))) {
            float[][] states = ((float[][][]) result.get(0).getValue())[0];
            float[] mean = new float[states[0].length];
            for (float[] state : states) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += state[i] / states.length;
                }
            }
            return mean;
        }
    }

    private static List<String> sentences() throws Exception {
        String text =
                new String(MiniLm.resource("org/jtorch/examples/moby-dick.txt").readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().filter(line -> line.length() > 30).limit(100).toList();
    }
}
