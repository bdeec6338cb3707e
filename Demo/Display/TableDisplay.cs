using Spectre.Console;
using Spectre.Console.Rendering;

namespace NetLoop.Demo.Display;

/// <summary>Displays a table on a terminal, redrawn in place once a second.</summary>
internal sealed class TableDisplay(IAnsiConsole console) : IStatusDisplay
{
    /// <inheritdoc/>
    public Task ShowAsync(Func<StatusPage> sample, CancellationToken end) =>
        console.Live(Render(sample()))
            .Cropping(VerticalOverflowCropping.Bottom) // On a terminal with very few lines, keep the title.
            .StartAsync(async live =>
            {
                using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
                while (await second.NextAsync(end).ConfigureAwait(false))
                {
                    live.UpdateTarget(Render(sample()));
                }
            });

    /// <summary>
    /// Renders the table so that it fits the terminal: if there are few lines, leaves out details, and then shortens values that need a second line.
    /// </summary>
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
        const int Edges = 7; // The borders of two columns, with a space on either side of each column.
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

    // One line is needed for the cursor.
    private bool Fits(Table table) =>
        Segment.SplitLines(((IRenderable)table).Render(RenderOptions.Create(console), console.Profile.Width)).Count < console.Profile.Height;
}
