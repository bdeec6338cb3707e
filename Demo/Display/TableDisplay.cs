using Spectre.Console;

namespace NetLoop.Demo.Display;

/// <summary>A table on a terminal that is redrawn in place once a second.</summary>
internal sealed class TableDisplay(IAnsiConsole console) : IStatusDisplay
{
    /// <inheritdoc/>
    public Task ShowAsync(Func<StatusPage> sample, CancellationToken end) =>
        console.Live(Render(sample())).StartAsync(async live =>
        {
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            while (await second.NextAsync(end).ConfigureAwait(false))
            {
                live.UpdateTarget(Render(sample()));
            }
        });

    private static Table Render(StatusPage page)
    {
        Table table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle($"{Markup.Escape(page.Title)}  {Format.Clock(page.Elapsed)}"),
            ShowHeaders = false,
        }
            .AddColumn("name")
            .AddColumn("value");
        foreach (StatusPart part in page.Parts)
        {
            if (part != page.Parts[0])
            {
                table.AddEmptyRow();
            }

            foreach ((string name, string value) in part.Rows)
            {
                table.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
            }
        }

        return table;
    }
}
