package points.service;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Makes pages of the Markdown in {@code docs/}, so that there is one copy of every text. */
final class ApiDocsMarkdown {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());

  private ApiDocsMarkdown() {}

  /** A page whose headings can be linked to by their words. */
  static String page(String title, String markdown) {
    Parser parser = Parser.builder().extensions(EXTENSIONS).build();
    HtmlRenderer renderer = HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build();
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <link rel="stylesheet" href="/docs/docs.css">
    </head>
    <body>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(title, renderer.render(parser.parse(markdown)));
  }
}
