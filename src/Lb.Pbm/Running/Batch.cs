using Lb.Pbm.CommandLine;
using Lb.Pbm.Output;

namespace Lb.Pbm.Running;

/// <summary>Commands from standard input, a line each, until one fails.</summary>
internal sealed class Batch(Session session, Screen screen, ClientOptions options)
{
    /// <summary>Runs the lines; blank ones and those that begin with <c>#</c> say nothing.</summary>
    public async Task<ExitCode> RunAsync(TextReader lines)
    {
        await session.RefreshAsync(options, CancellationToken.None);
        for (int number = 1; await lines.ReadLineAsync() is { } line; number++)
        {
            string text = line.Trim();
            if (text is "exit" or "quit")
            {
                break;
            }

            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            IReadOnlyList<string> words = [];
            try
            {
                words = LineWords.Split(text);
                await session.RunAsync(words, options, CancellationToken.None);
            }
            catch (PbmException exception)
            {
                screen.Write(exception.Problem, options.FormatFor(words), number);
                return exception.ExitCode;
            }
        }

        return ExitCode.Done;
    }
}
