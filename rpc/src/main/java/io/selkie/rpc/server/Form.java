package io.selkie.rpc.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Where a request carries its token.
 *
 * <p>Without an Authorization header the reference looks for a form value, and by doing so swallows
 * the body of requests that call themselves forms, as {@code curl -d} does. Clients that send such
 * requests see an empty body refused; so they do here.
 *
 * @param authorization the header, empty if there is none
 * @param token the query or form value, empty if there is none
 * @param bodyTaken whether the body was consumed
 */
record Form(String authorization, String token, boolean bodyTaken) {

  private static final Set<String> FORM_VERBS = Set.of("POST", "PUT", "PATCH");

  static Form of(Request request, BodyReader bodies) throws IOException, InterruptedException {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (header != null && !header.isEmpty()) {
      return new Form(header, "", false);
    }
    String query = request.getHttpURI().getQuery();
    String inQuery = query == null ? "" : Admission.parameter(query);
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String lower = type == null ? "" : type.toLowerCase(Locale.ROOT).strip();
    boolean urlEncoded =
        lower.startsWith("application/x-www-form-urlencoded")
            && FORM_VERBS.contains(request.getMethod());
    if (!urlEncoded && !lower.startsWith("multipart/form-data")) {
      return new Form("", inQuery, false);
    }
    String inBody = urlEncoded ? Admission.parameter(body(request, bodies)) : "";
    return new Form("", inBody.isEmpty() ? inQuery : inBody, true);
  }

  private static String body(Request request, BodyReader bodies)
      throws IOException, InterruptedException {
    String[] text = {""};
    try (InputStream in = Content.Source.asInputStream(request)) {
      bodies.read(
          in,
          request.getLength(),
          new Caller(Set.of(), Request.getRemoteAddr(request)),
          body -> text[0] = new String(body, StandardCharsets.UTF_8));
    } catch (HeldBodies.Refused _) {
      // A form over the limit holds no token that could be found; its body counts as taken.
      return "";
    }
    return text[0];
  }
}
