package org.jtorch.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import org.jtorch.text.TextEmbedder;

/**
 * LangChain4j's {@code EmbeddingModel} on a {@link TextEmbedder}. Several threads may use it.
 *
 * <pre>{@code
 * EmbeddingModel model = new JtorchEmbeddingModel(TextEmbedder.load(Path.of("all-MiniLM-L6-v2")));
 * }</pre>
 */
public final class JtorchEmbeddingModel extends DimensionAwareEmbeddingModel {

    private final TextEmbedder embedder;

    /** Creates a model that uses an embedder, which its owner closes. */
    public JtorchEmbeddingModel(TextEmbedder embedder) {
        this.embedder = embedder;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<String> texts = segments.stream().map(TextSegment::text).toList();
        return Response.from(
                embedder.embedAll(texts).stream().map(Embedding::from).toList());
    }
}
