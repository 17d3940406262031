using Lb.Pbm.Certificates;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Editing;
using Lb.Pbm.Output;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Running;

/// <summary>Answers a shell that asks how a line could go on.</summary>
internal static class ShellCompletion
{
    /// <summary>Nobody waits longer at a Tab.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Prints what the last word of a line could become, one a line.</summary>
    /// <param name="line">The line up to the cursor, <c>pbm</c> itself included.</param>
    /// <param name="environment">Variables of the environment.</param>
    /// <param name="screen">Where to print.</param>
    public static async Task RunAsync(string line, Func<string, string?> environment, Screen screen)
    {
        IReadOnlyList<LineWord> words = LineWords.Scan(line);
        bool isInWord = words.Count > 0 && (words[^1].IsOpen || !char.IsWhiteSpace(line[^1]));
        string typed = isInWord ? words[^1].Text : "";
        string[] before = [.. words.Skip(1).Take(words.Count - (isInWord ? 2 : 1)).Select(word => word.Text)];
        if (before is [.., "--output"] || typed.StartsWith("--output=", StringComparison.Ordinal))
        {
            string prefix = before is [.., "--output"] ? "" : "--output=";
            Print([$"{prefix}table", $"{prefix}json"], typed, screen);
            return;
        }

        ClientArguments arguments = ClientArguments.Parse(before, environment);
        if (CertificateCommands.Takes(arguments.Words))
        {
            Print(CertificateCommands.Complete(arguments.Words, typed), typed, screen);
            return;
        }

        using var host = new HostClient(arguments.Address, HostAccess.Load(arguments.Access));
        Catalogue catalogue = CertificateCommands.Offer(await host.GetPalettesAsync(Patience, CancellationToken.None));
        Print(Completer.Complete(catalogue, arguments.Words, typed), typed, screen);
    }

    private static void Print(IReadOnlyList<string> candidates, string typed, Screen screen)
    {
        foreach (string candidate in candidates.Where(c => c.StartsWith(typed, StringComparison.Ordinal)))
        {
            screen.WriteLine(candidate);
        }
    }
}
