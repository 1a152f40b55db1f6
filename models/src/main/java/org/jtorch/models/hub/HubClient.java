package org.jtorch.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The requests to the Hub. */
final class HubClient {

    private static final int MAX_REDIRECTS = 10;

    /**
     * What the Hub knows about a revision.
     *
     * @param commit the hash of the commit
     * @param files the names of its files
     */
    record Revision(String commit, List<String> files) {}

    /**
     * What the Hub knows about a file.
     *
     * @param hash the SHA-256 of the content, or the git hash of a small file
     * @param size the size in bytes; -1 if it is not known
     * @param address where the content is
     */
    record RemoteFile(String hash, long size, URI address) {}

    private final HubOptions options;
    private final String repository;
    private final HttpClient client;

    HubClient(HubOptions options, String repository) {
        this.options = options;
        this.repository = repository;
        this.client = HttpClient.newBuilder()
                .connectTimeout(options.timeout)
                .followRedirects(HttpClient.Redirect.NEVER) // the token must not go to other hosts
                .build();
    }

    Revision revision(String revision) throws IOException, InterruptedException {
        URI address = address("/api/models/" + path(repository) + "/revision/" + encoded(revision));
        HttpResponse<InputStream> response = send(address, "GET", 0);
        try (InputStream body = response.body()) {
            check(response, "revision '" + revision + "'");
            JsonNode answer = new ObjectMapper().readTree(body);
            List<String> files = new ArrayList<>();
            answer.path("siblings")
                    .forEach(file -> files.add(file.path("rfilename").asText()));
            String commit = answer.path("sha").asText();
            if (!commit.matches("[0-9a-f]{7,64}") || files.isEmpty()) {
                throw new HubException("the Hub's answer about " + repository + " has no commit or no files: is "
                        + options.endpoint + " a Hub?");
            }
            return new Revision(commit, files);
        }
    }

    RemoteFile file(String commit, String name) throws IOException, InterruptedException {
        URI address = address("/" + path(repository) + "/resolve/" + encoded(commit) + "/" + path(name));
        for (int i = 0; i < MAX_REDIRECTS; i++) {
            HttpResponse<InputStream> response = send(address, "HEAD", 0);
            response.body().close();
            Optional<String> location = response.headers().firstValue("location");
            Optional<String> linked = response.headers().firstValue("x-linked-etag");
            boolean redirected = isRedirect(response) && location.isPresent();
            if (redirected && linked.isEmpty() && isSameHost(address.resolve(location.get()))) {
                address = address.resolve(location.get()); // the repository was renamed
                continue;
            }
            if (!redirected) {
                check(response, "file '" + name + "'");
            }
            String hash = linked.or(() -> response.headers().firstValue("etag"))
                    .map(HubClient::hash)
                    .orElseThrow(() ->
                            new HubException("the Hub gives no hash for the file '" + name + "' of " + repository));
            long size = response.headers()
                    .firstValueAsLong("x-linked-size")
                    .orElse(
                            redirected
                                    ? -1
                                    : response.headers()
                                            .firstValueAsLong("content-length")
                                            .orElse(-1));
            return new RemoteFile(hash, size, redirected ? address.resolve(location.get()) : address);
        }
        throw new HubException("the Hub redirects " + address + " again and again");
    }

    /** Opens the content of a file from a byte on, through redirects. */
    HttpResponse<InputStream> open(RemoteFile file, long from) throws IOException, InterruptedException {
        URI address = file.address;
        for (int i = 0; i < MAX_REDIRECTS; i++) {
            HttpResponse<InputStream> response = send(address, "GET", from);
            Optional<String> location = response.headers().firstValue("location");
            if (!isRedirect(response) || location.isEmpty()) {
                return response;
            }
            response.body().close();
            address = address.resolve(location.get());
        }
        throw new HubException("the Hub redirects " + file.address + " again and again");
    }

    private HttpResponse<InputStream> send(URI address, String method, long from)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(options.timeout)
                .header("User-Agent", "jtorch")
                .header("Accept-Encoding", "identity");
        if (options.token != null && isSameHost(address)) {
            request.header("Authorization", "Bearer " + options.token);
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Throws what tells a user what to do. */
    void check(HttpResponse<?> response, String what) throws IOException {
        int status = response.statusCode();
        if (status == 200 || status == 206) {
            return;
        }
        String model = "the " + what + " of the model " + repository;
        if (status == 401 || status == 403) {
            throw new HubException(
                    model + " cannot be read (HTTP " + status + "): it does not exist, or it is private or gated; "
                            + (options.token == null
                                    ? "set a token with HF_TOKEN or hf auth login"
                                    : "the token has no access to it: accept its conditions on its page"));
        }
        if (status == 404) {
            throw new HubException(
                    model + " does not exist on " + options.endpoint + " (HTTP 404): check the spelling");
        }
        throw new IOException(model + " cannot be read: HTTP " + status);
    }

    private static boolean isRedirect(HttpResponse<?> response) {
        return response.statusCode() >= 300 && response.statusCode() < 400;
    }

    private boolean isSameHost(URI address) {
        return options.endpoint.getScheme().equals(address.getScheme())
                && options.endpoint.getAuthority().equals(address.getAuthority());
    }

    private URI address(String path) {
        String endpoint = options.endpoint.toString();
        return URI.create((endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint) + path);
    }

    private static String hash(String etag) {
        String plain = etag.startsWith("W/") ? etag.substring(2) : etag;
        return plain.replace("\"", "");
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String path(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            parts.add(encoded(part));
        }
        return String.join("/", parts);
    }
}
