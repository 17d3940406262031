using Lb.Pbm.CommandLine;
using Lb.Pbm.Editing;
using Lb.Pbm.Output;
using Spectre.Console;

namespace Lb.Pbm.Running;

/// <summary>Commands that a person types on a terminal, one after the other.</summary>
internal sealed class Prompt(Session session, Screen screen, HostAddress address, ClientOptions options)
{
    private static readonly Style PromptStyle = new(Color.Teal);

    public async Task<ExitCode> RunAsync(History history)
    {
        using var interrupts = new Interrupts();
        if (!await interrupts.RunAsync(stop => session.RefreshAsync(options, stop)))
        {
            return ExitCode.Done;
        }

        string text = $"[{address}] pbm> ";
        var editor = new LineEditor(history, line => Completer.Complete(session.Catalogue, line));
        var reader = new LineReader(screen, editor, new LineView(text, screen.Styled(text, PromptStyle)));
        screen.WriteLine("'help' lists what the host can do, Tab completes, Ctrl-D leaves.");
        while (reader.Read() is { } line && !IsLeave(line))
        {
            await RunAsync(line, interrupts);
        }

        return ExitCode.Done;
    }

    private static bool IsLeave(string line) => line.Trim() is "exit" or "quit";

    private async Task RunAsync(string line, Interrupts interrupts)
    {
        IReadOnlyList<string> words = [];
        try
        {
            words = LineWords.Split(line);
            if (words.Count > 0 && !await interrupts.RunAsync(stop => RunAsync(words, stop)))
            {
                screen.WriteLine("Interrupted.");
            }
        }
        catch (PbmException exception)
        {
            screen.Write(exception.Problem, options.FormatFor(words));
        }
    }

    private async Task RunAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        // Names come and go, also by others' hands: before the command for what it may say, and after it for Tab.
        await session.RefreshAsync(options, stop);
        await session.RunAsync(words, options, stop);
        await session.RefreshAsync(options, stop);
    }
}
