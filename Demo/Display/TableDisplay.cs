using Spectre.Console;
using Spectre.Console.Rendering;

namespace NetLoop.Demo.Display;

/// <summary>A table on a terminal that is redrawn in place once a second.</summary>
internal sealed class TableDisplay(IAnsiConsole console) : IStatusDisplay
{
    /// <inheritdoc/>
    public Task ShowAsync(Func<StatusPage> sample, CancellationToken end) =>
        console.Live(Render(sample()))
            .Cropping(VerticalOverflowCropping.Bottom) // Of a terminal with very few lines the title stays.
            .StartAsync(async live =>
            {
                using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
                while (await second.NextAsync(end).ConfigureAwait(false))
                {
                    live.UpdateTarget(Render(sample()));
                }
            });

    /// <summary>The table as it fits the terminal: where lines are few it leaves out details, and at last cuts what takes a second line.</summary>
    internal IRenderable Render(StatusPage page)
    {
        List<StatusRow>[] parts = [.. page.Parts.Select(part => part.Rows.ToList())];
        while (true)
        {
            Table table = Draw(page, parts, isCut: false);
            if (Fits(table))
            {
                return table;
            }

            if (!TryDropDetail(parts))
            {
                return Draw(page, parts, isCut: true);
            }
        }
    }

    private static bool TryDropDetail(List<StatusRow>[] parts) =>
        Array.FindLast(parts, rows => rows.Exists(row => row.IsDetail)) is { } rows && rows.Remove(rows.FindLast(row => row.IsDetail)!);

    private Table Draw(StatusPage page, List<StatusRow>[] parts, bool isCut)
    {
        const int Edges = 7; // Of two columns, with a space on either side of each.
        int values = isCut ? Math.Max(1, console.Profile.Width - Edges - parts.Max(rows => rows.Max(row => row.Name.Length))) : int.MaxValue;
        Table table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle($"{Markup.Escape(page.Title)}  {Format.Clock(page.Elapsed)}"),
            ShowHeaders = false,
        }
            .AddColumn("name")
            .AddColumn("value");
        foreach (List<StatusRow> rows in parts)
        {
            if (rows != parts[0])
            {
                table.AddEmptyRow();
            }

            foreach (StatusRow row in rows)
            {
                table.AddRow(new Text(row.Name, new Style(Color.Grey)), new Text(row.Value.Length > values ? $"{row.Value[..(values - 1)]}…" : row.Value));
            }
        }

        return table;
    }

    // One line is the cursor's.
    private bool Fits(Table table) =>
        Segment.SplitLines(((IRenderable)table).Render(RenderOptions.Create(console), console.Profile.Width)).Count < console.Profile.Height;
}
