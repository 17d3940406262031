using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Lb.Host.Logging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Commands;

/// <summary><c>log</c>: what the node says, and how much of it.</summary>
internal static class LogPalette
{
    private const int Lines = 20;

    /// <summary>The word that takes a level of an operator's away.</summary>
    private const string FileLevel = "default";

    private static readonly ArgumentSpec s_level = new(
        "level", $"{string.Join(", ", LogWords.Levels)}.", Short: "l", Hints: (_, _) => Task.FromResult<ImmutableArray<string>>([.. LogWords.Levels]));

    public static Palette Palette { get; } = new(
        "log",
        "What the node logs: read it, follow it, make it say more or less.",
        [
            Command.Streaming(
                "tail",
                "The newest lines of the log; with --follow also those that come, until interrupted.",
                [
                    s_level with { Description = "Only lines of this level and worse ones." },
                    new ArgumentSpec(
                        "lines", $"How many lines of before, at most {LogFeed.Kept}; {Lines} unless told.", ArgumentKind.Number, Short: "n"),
                    new ArgumentSpec("follow", "Goes on with what comes.", ArgumentKind.Flag, Short: "f"),
                ],
                Tail),
            new Command(
                "level",
                "Shows the level below which nothing is logged, or sets it until the next reload or restart.",
                Changes: true,
                [
                    s_level with
                    {
                        Description = $"{string.Join(", ", LogWords.Levels)}; {FileLevel} is what the site file says.",
                        Positional = true,
                        Hints = (_, _) => Task.FromResult<ImmutableArray<string>>([.. LogWords.Levels, FileLevel]),
                    },
                    new ArgumentSpec(
                        "category",
                        "Only for this part of the program, as in Lb.Actors, or Lb.Actors.HealthActor.",
                        Short: "c",
                        Hints: (context, _) => Task.FromResult<ImmutableArray<string>>([.. context.Log.Categories])),
                ],
                (call, _) => Task.FromResult(Level(call))),
        ]);

    private static Func<CancellationToken, IAsyncEnumerable<AnswerLine>> Tail(CommandCall call)
    {
        LogLevel level = call.Find("level") is { } word ? LevelOf(word) : LogLevel.Trace;
        long lines = call.Number("lines") ?? Lines;
        if (lines is < 0 or > LogFeed.Kept)
        {
            throw CommandFailure.Usage($"lines is {lines}", $"0 to {LogFeed.Kept}: that many are kept");
        }

        LogFeed log = call.Context.Log;
        if (!call.Flag("follow"))
        {
            return _ => KeptAsync(Last(log.Newest(), level, lines));
        }

        LogReader reader = log.Follow() ?? throw new CommandFailure(
            StatusCodes.Status503ServiceUnavailable,
            "too-many-readers",
            $"{LogFeed.MostReaders} readers follow the log already",
            "end one of them, or leave --follow away");
        return stop => FollowAsync(reader, level, lines, stop);
    }

    private static IEnumerable<AnswerLine> Last(ImmutableArray<LogEntry> entries, LogLevel level, long lines) =>
        entries.Where(entry => entry.Level >= level).TakeLast((int)lines).Select(Line);

    // Not ToAsyncEnumerable: packages that Akka.NET brings along have one of the same name.
    private static async IAsyncEnumerable<AnswerLine> KeptAsync(IEnumerable<AnswerLine> lines)
    {
        await Task.CompletedTask;
        foreach (AnswerLine line in lines)
        {
            yield return line;
        }
    }

    private static async IAsyncEnumerable<AnswerLine> FollowAsync(
        LogReader reader, LogLevel level, long lines, [EnumeratorCancellation] CancellationToken stop)
    {
        using LogReader following = reader;
        foreach (AnswerLine line in Last(reader.Before, level, lines))
        {
            yield return line;
        }

        await foreach (LogEntry entry in reader.Events.ReadAllAsync(stop))
        {
            if (reader.TakeLost() is > 0 and long lost)
            {
                yield return new AnswerLine(
                    $"({lost} lines were lost: they came faster than they were read)", new JsonObject { ["lost"] = lost });
            }

            if (entry.Level >= level)
            {
                yield return Line(entry);
            }
        }
    }

    private static AnswerLine Line(LogEntry entry) => new(entry.ToText(), entry.ToJson());

    private static CommandResult Level(CommandCall call)
    {
        LogThreshold threshold = call.Context.LogThreshold;
        string? category = call.Find("category");
        if (category is not null && !call.Context.Log.Categories.Any(known => IsWithin(known, category)))
        {
            throw CommandFailure.NotThere(
                $"nothing logs as {category}", $"there are {string.Join(", ", call.Context.Log.Categories)}");
        }

        if (call.Find("level") is not { } word)
        {
            return category is null ? Show(call) : throw CommandFailure.Usage(
                "level needs a level for a category", "log level shows them all");
        }

        LogLevel file = call.Context.Config.Node.Log.Level;
        if (category is not null)
        {
            threshold.Set(category, word == FileLevel ? null : LevelOf(word));
        }
        else if (word == FileLevel)
        {
            threshold.Reset(file);
        }
        else
        {
            threshold.Level = LevelOf(word);
        }

        CommandResult shown = Show(call);
        return shown with { Message = $"Until the next reload or restart; the site file says {LogWords.Of(file)}." };
    }

    private static CommandResult Show(CommandCall call)
    {
        LogThreshold threshold = call.Context.LogThreshold;
        return CommandResult.Table(
            "level",
            [new("category", "Category"), new("level", "Level")],
            [
                ["*", LogWords.Of(threshold.Level)],
                .. threshold.Categories.Select(pair => (ImmutableArray<string>)[pair.Key, LogWords.Of(pair.Value)]),
            ]);
    }

    private static bool IsWithin(string category, string parent) =>
        category.StartsWith(parent, StringComparison.Ordinal)
        && (category.Length == parent.Length || category[parent.Length] == '.');

    private static LogLevel LevelOf(string word) => LogWords.Find(word) ?? throw CommandFailure.Usage(
        $"there is no level {word}", $"it is one of {string.Join(", ", LogWords.Levels)}");
}
