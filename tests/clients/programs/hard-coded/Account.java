import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Both of Java's own clients: the old one asks sipgate, the new one SIPSIM. */
public class Account {
  static String in(String json, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(json);
    return found.find() ? found.group(1) : "nothing in " + json;
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    byte[] pair = "token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372".getBytes(StandardCharsets.UTF_8);
    HttpURLConnection account = (HttpURLConnection) new URL("https://api.sipgate.com/v2/account").openConnection();
    account.setRequestProperty("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    String json = new String(account.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    out.println("sipgate " + account.getResponseCode() + " " + in(json, "\"company\":\"([^\"]*)\""));

    HttpClient client = HttpClient.newHttpClient();
    String form = "grant_type=client_credentials&client_id=sipsim-demo"
        + "&client_secret=3c9f1e7a5b2d4f6081a3c5e7092b4d6f&scope=account.read";
    HttpRequest ask = HttpRequest.newBuilder(URI.create("https://app.sipsim.com/oauth/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form)).build();
    String token = in(client.send(ask, BodyHandlers.ofString()).body(), "\"access_token\":\"([^\"]*)\"");
    HttpRequest askOwn = HttpRequest.newBuilder(URI.create("https://app.sipsim.com/api/v2/account"))
        .header("Authorization", "Bearer " + token).build();
    var own = client.send(askOwn, BodyHandlers.ofString());
    out.println("sipsim " + own.statusCode() + " " + in(own.body(), "\"data\":\\{\"id\":(\\d+)"));
  }
}
