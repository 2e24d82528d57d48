package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Samples;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. */
class ReportPageTest {
    /** Lays a page out in a frame as wide as a phone, and says how wide it wants to be. */
    private static final String PHONE =
            """
            <!DOCTYPE html><body style="margin:0">
            <iframe id="f" src="page.html" style="border:0;width:%dpx;height:800px"></iframe>
            <pre id="width"></pre><script>
            document.getElementById('f').addEventListener('load', function () {
              const page = this.contentDocument;
              page.querySelectorAll('details').forEach(each => each.open = true);
              let text = 'page ' + page.documentElement.scrollWidth;
              page.querySelectorAll('figure, section, .tile, .bar, .plot').forEach(each => {
                const box = each.getBoundingClientRect();
                if (box.right > %d.5) { text += ' ' + each.className + ' ' + box.right; }
              });
              document.getElementById('width').textContent = text;
            });
            </script>
            """;

    @TempDir private Path directory = Path.of("");

    private Browser browser() {
        assumeThat(Files.isExecutable(Browser.USUAL)).as("chromium is here").isTrue();
        return new Browser(Browser.USUAL, directory);
    }

    private Path page(final ResultDocument document) throws Exception {
        return Files.writeString(directory.resolve("page.html"), ReportHtml.text(document));
    }

    private static ResultDocument document() throws Exception {
        final ResultDocument disks = SmallRun.disks();
        return new ResultDocument(
                disks.version(),
                disks.machine(),
                disks.noise(),
                List.of(
                        disks.jobs().getFirst(),
                        Samples.netJob(Samples.net("ideal"), Samples.net("netvsc+aggregation"))),
                Samples.sweep(1, "1")
                        .mergedWith(Samples.sweep(2, "8"))
                        .mergedWith(Samples.sweep(3, "32"))
                        .sweeps());
    }

    @Test
    void laysOutARealRunWithEveryDevice() throws Exception {
        final String dom = browser().dom(page(document()));
        assertThat(dom)
                .contains("Disk: randread, 4 KiB blocks, depth 8")
                .contains("ide-dma", "xen-blkfront", "storvsc", "netvsc")
                .contains("Sweep: disk, depth", "</html>")
                .doesNotContain("https:", "NaN", "Infinity");
        assertThat(dom.split("<path class=\"line ", -1)).hasSizeGreaterThan(8);
    }

    @Test
    void paintsMoreThanABlankPage() throws Exception {
        final Path page = page(document());
        final Path png = directory.resolve("page.png");
        browser().picture(page, png, 1200, 1600);
        final BufferedImage picture = ImageIO.read(png.toFile());
        final Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < picture.getWidth(); x += 3) {
            for (int y = 0; y < picture.getHeight(); y += 3) {
                colours.add(picture.getRGB(x, y));
            }
        }
        assertThat(picture.getWidth()).isEqualTo(1200);
        assertThat(colours).as("not blank").hasSizeGreaterThan(40);
    }

    /** All tables open, as a reader may have them: they scroll, the page does not. */
    @Test
    void isNoWiderThanAPhone() throws Exception {
        page(document());
        for (final int width : new int[] {390, 320}) {
            final Path frame =
                    Files.writeString(
                            directory.resolve("phone.html"), String.format(PHONE, width, width));
            assertThat(browser().dom(frame)).contains("<pre id=\"width\">page " + width + "</pre>");
        }
    }
}
