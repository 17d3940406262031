using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lb.Host.Tests.Commands.Every;

/// <summary>A line for <c>pbm</c>, and how it has to end.</summary>
/// <param name="Words">What stands after the host.</param>
/// <param name="Token">What the caller shows; null for nothing.</param>
/// <param name="Codes">The exit codes that are right.</param>
/// <param name="Named">What the sentence has to name.</param>
internal sealed record PbmLine(string[] Words, string? Token, int[] Codes, params string[] Named);

/// <summary>Runs <c>pbm</c> as its users do: one process for each line.</summary>
internal sealed class Pbm(string host, string home)
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "pbm");

    /// <summary>Runs lines beside each other; what was not as it has to be.</summary>
    public async Task<IReadOnlyCollection<string>> FailuresAsync(IEnumerable<PbmLine> lines)
    {
        ConcurrentQueue<string> failures = new();
        await Parallel.ForEachAsync(
            lines,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount * 2 },
            async (line, stop) =>
            {
                (int exitCode, string output, string error) = await RunAsync(line.Words, line.Token, stop);
                foreach (string problem in Problems(line, exitCode, output, error))
                {
                    failures.Enqueue($"pbm {string.Join(' ', line.Words)}: {problem}; it ended with {exitCode}:\n{error}{output}");
                }
            });
        return failures;
    }

    /// <summary>Runs a line to its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] words, string? token, CancellationToken stop = default)
    {
        ProcessStartInfo info = new(s_program, [host, .. words])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["HOME"] = home;
        info.Environment["PBM_TOKEN"] = token;

        // Hundreds of short lives: what makes a long one faster is left out.
        info.Environment["DOTNET_TieredPGO"] = "0";
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(stop);
        Task<string> error = process.StandardError.ReadToEndAsync(stop);
        try
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(TimeSpan.FromSeconds(60));
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, await output, await error);
    }

    private static IEnumerable<string> Problems(PbmLine line, int exitCode, string output, string error)
    {
        if (!line.Codes.Contains(exitCode))
        {
            yield return $"it has to end with {string.Join(" or ", line.Codes)}";
        }

        if (output.Length > 0)
        {
            yield return "standard output is for answers";
        }

        string[] lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] reasons = [.. lines.Skip(1).TakeWhile(text => text.StartsWith("  - ", StringComparison.Ordinal))];
        string sentence = string.Join('\n', lines.Take(1 + reasons.Length));
        if (!sentence.StartsWith("pbm: ", StringComparison.Ordinal))
        {
            yield return "there is no sentence";
        }

        foreach (string word in line.Named.Where(word => !sentence.Contains(word, StringComparison.Ordinal)))
        {
            yield return $"the sentence does not name {word}";
        }

        if (lines.Length <= 1 + reasons.Length)
        {
            yield return "it does not say what to do";
        }
    }
}
