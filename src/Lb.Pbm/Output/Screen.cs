using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;
using Spectre.Console;

namespace Lb.Pbm.Output;

/// <summary>What can be shown, and where.</summary>
/// <param name="IsTerminal">A person looks at it: tables are drawn.</param>
/// <param name="Colours">Answers have colours.</param>
/// <param name="ErrorColours">Errors have colours.</param>
/// <param name="Width">Columns of the terminal.</param>
internal sealed record ScreenTraits(bool IsTerminal, bool Colours, bool ErrorColours, Func<int> Width);

/// <summary>Where answers and errors are printed.</summary>
internal sealed class Screen(TextWriter output, TextWriter error, ScreenTraits traits)
{
    private static readonly Style ErrorStyle = new(Color.Red, decoration: Decoration.Bold);

    /// <summary>A person looks at it.</summary>
    public bool IsTerminal => traits.IsTerminal;

    /// <summary>Columns of the terminal.</summary>
    public int Width => traits.Width();

    public void WriteLine(string text)
    {
        output.WriteLine(Visible.Block(text));
        output.Flush();
    }

    /// <summary>Writes what was made for a terminal.</summary>
    public void WriteRaw(string text)
    {
        output.Write(text);
        output.Flush();
    }

    /// <summary>Prints an answer.</summary>
    public void Write(Answer answer, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(JsonText.Of(answer));
        }
        else if (traits.IsTerminal)
        {
            DrawnAnswer.Write(answer, Spectre(output, traits.Colours));
        }
        else
        {
            PlainAnswer.Write(answer, output);
        }

        output.Flush();
    }

    /// <summary>Prints a line of an answer that comes bit by bit.</summary>
    public void Write(AnswerLine line, OutputFormat format)
    {
        output.WriteLine(format == OutputFormat.Json ? JsonText.Of(line) : Visible.Block(line.Text));
        output.Flush();
    }

    /// <summary>Prints what went wrong.</summary>
    /// <param name="problem">It.</param>
    /// <param name="format">How.</param>
    /// <param name="line">The line of standard input that it is about.</param>
    public void Write(Problem problem, OutputFormat format, int? line = null)
    {
        output.Flush();
        if (format == OutputFormat.Json)
        {
            error.WriteLine(JsonText.Of(problem));
            return;
        }

        string place = line is null ? "" : $"line {line}: ";
        string name = Styled("pbm:", ErrorStyle, traits.ErrorColours);
        error.WriteLine($"{name} {place}{Visible.Block(problem.Detail ?? "")}");
        foreach (string reason in problem.Reasons?.OfType<string>() ?? [])
        {
            error.WriteLine($"  - {Visible.Line(reason)}");
        }

        if (problem.Mend is { Length: > 0 } mend)
        {
            error.WriteLine(Visible.Block(mend));
        }
    }

    /// <summary>Text in a style, where there are colours.</summary>
    public string Styled(string text, Style style) => Styled(text, style, traits.Colours);

    private string Styled(string text, Style style, bool colours)
    {
        if (!colours)
        {
            return text;
        }

        using var styled = new StringWriter();
        Spectre(styled, colours).Write(new Text(text, style));
        return styled.ToString();
    }

    private IAnsiConsole Spectre(TextWriter writer, bool colours)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Math.Max(20, Width);
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
