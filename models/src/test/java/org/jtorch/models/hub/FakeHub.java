package org.jtorch.models.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A server that answers as the Hub does: metadata at one address, large files redirected to another host, ranges, tokens. */
final class FakeHub implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String TOKEN = "hf_secret";

    private final HttpServer server;
    final Map<String, byte[]> files = new LinkedHashMap<>();

    /** The requests: method, path, and range. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** The hosts to which a token was sent. */
    final List<String> tokens = new CopyOnWriteArrayList<>();

    volatile boolean isPrivate;
    volatile int bytesBeforeBreak = Integer.MAX_VALUE;
    volatile boolean ignoresRanges;
    volatile boolean stalls;
    volatile boolean damages;
    final AtomicInteger errorsToCome = new AtomicInteger();

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                tokens.add(exchange.getRequestHeaders().getFirst("Host").replaceAll(":.*", ""));
            }
            if (errorsToCome.getAndUpdate(errors -> Math.max(0, errors - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else if (path.startsWith("/cdn/")) {
                content(exchange, path.substring("/cdn/".length()), range);
            } else if (isPrivate && !("Bearer " + TOKEN).equals(authorization)) {
                exchange.sendResponseHeaders(401, -1);
            } else if (path.equals("/api/models/team/model/revision/main") || path.endsWith("/revision/" + COMMIT)) {
                String names = files.keySet().stream()
                        .map(name -> "{\"rfilename\": \"" + name + "\"}")
                        .collect(Collectors.joining(", "));
                byte[] answer = ("{\"sha\": \"" + COMMIT + "\", \"siblings\": [" + names + "]}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } else {
                metadata(exchange, path, range);
            }
        }
    }

    private void metadata(HttpExchange exchange, String path, String range) throws IOException {
        String prefix = "/team/model/resolve/" + COMMIT + "/";
        byte[] file = path.startsWith(prefix) ? files.get(path.substring(prefix.length())) : null;
        if (file == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        String name = path.substring(prefix.length());
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (name.endsWith(".safetensors")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + hash("SHA-256", file) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(file.length));
            exchange.getResponseHeaders()
                    .set("Location", "http://localhost:" + server.getAddress().getPort() + "/cdn/" + name);
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"" + gitHash(file) + "\"");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(file.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            content(exchange, name, range);
        }
    }

    private void content(HttpExchange exchange, String name, String range) throws IOException {
        byte[] file = files.get(name).clone();
        if (damages) {
            file[file.length / 2] ^= 1;
        }
        int from = range == null || ignoresRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
        OutputStream body = exchange.getResponseBody();
        int until = (int) Math.min(file.length, from + (long) bytesBeforeBreak);
        body.write(Arrays.copyOfRange(file, from, until));
        body.flush();
        if (stalls) {
            stalls = false;
            try {
                Thread.sleep(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (until < file.length) {
            throw new IOException("the connection breaks");
        }
    }

    static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static String gitHash(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hash("SHA-1", all);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
