using System.Net;
using System.Text.Json;
using Lb.Host.Logging;
using Lb.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Commands;

/// <summary>The log as an operator reads it, over the node's real API.</summary>
public sealed class LogCommandTests : IAsyncLifetime
{
    private CommandNode _node = null!;

    private LogFeed Feed => _node.Services.GetRequiredService<LogFeed>();

    private LogThreshold Threshold => _node.Services.GetRequiredService<LogThreshold>();

    public async Task InitializeAsync() => _node = await CommandNode.StartAsync("");

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Palettes_say_which_command_streams()
    {
        JsonElement log = (await _node.GetAsync("/api/v1/palettes")).GetProperty("palettes").EnumerateArray()
            .Single(palette => palette.GetProperty("name").GetString() == "log");
        Assert.Equal(
            [("tail", true), ("level", false)],
            log.GetProperty("commands").EnumerateArray().Select(command =>
                (command.GetProperty("name").GetString()!, command.GetProperty("streams").GetBoolean())));
    }

    [Fact]
    public async Task Tail_gives_the_newest_lines_of_a_level_and_ends()
    {
        Say(1, LogLevel.Information);
        Say(2, LogLevel.Error);
        Say(3, LogLevel.Information);
        Say(4, LogLevel.Warning);
        using HttpResponseMessage answer = await _node.StreamAsync("log tail", "level", "warning", "lines", "2");
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        JsonElement[] lines =
        [
            .. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal([2, 4], lines.Select(line => line.GetProperty("data").GetProperty("eventId").GetInt32()));
        Assert.Equal("error", lines[0].GetProperty("data").GetProperty("level").GetString());
        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning Lb\.Test\[4\] event 4$", lines[1].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_follower_gets_what_comes_until_the_node_ends_which_ends_the_answer_cleanly()
    {
        Say(1, LogLevel.Information);
        using HttpResponseMessage answer = await _node.StreamAsync("log tail", "follow", "true");
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync());
        Assert.Contains("event 1", await lines.ReadLineAsync());
        Say(2, LogLevel.Information);
        Assert.Contains("event 2", await lines.ReadLineAsync());
        Task stopping = _node.StopAsync();
        Assert.Null(await lines.ReadLineAsync());
        await stopping;
    }

    [Fact]
    public async Task A_follower_that_leaves_makes_room()
    {
        List<HttpResponseMessage> followers = [];
        for (int i = 0; i < LogFeed.MostReaders; i++)
        {
            followers.Add(await _node.StreamAsync("log tail", "follow", "true"));
        }

        JsonElement refused = await _node.RefusedAsync(503, "log tail", "follow", "true");
        Assert.Equal("too-many-readers", refused.GetProperty("code").GetString());
        followers.ForEach(follower => follower.Dispose());
        Wait.Until(
            () =>
            {
                using HttpResponseMessage again = _node.StreamAsync("log tail", "follow", "true").GetAwaiter().GetResult();
                return again.StatusCode == HttpStatusCode.OK;
            },
            "there is room for a reader again");
    }

    [Fact]
    public async Task A_follower_that_stops_reading_loses_lines_is_told_and_holds_nobody_up()
    {
        using HttpResponseMessage answer = await _node.StreamAsync("log tail", "follow", "true", "lines", "0");
        // More than the sockets between hold, and the backlog.
        string text = new('x', 10_000);
        for (int i = 0; i < 5000; i++)
        {
            Say(i, LogLevel.Information, text);
        }

        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync());
        string? line;
        do
        {
            line = await lines.ReadLineAsync();
        }
        while (line is not null && !line.Contains("lines were lost"));

        Assert.NotNull(line);
        Assert.True(JsonDocument.Parse(line).RootElement.GetProperty("data").GetProperty("lost").GetInt64() > 0);
    }

    [Fact]
    public async Task Levels_are_set_shown_and_taken_back()
    {
        Feed.Know("Lb.Actors.SiteActor");
        await _node.RunAsync("log level", "level", "debug");
        await _node.RunAsync("log level", "level", "error", "category", "Lb.Actors");
        Assert.Equal(
            ["*=debug", "Lb.Actors=error"],
            (await _node.RunAsync("log level")).GetProperty("data").EnumerateArray()
                .Select(row => $"{row.GetProperty("category").GetString()}={row.GetProperty("level").GetString()}"));
        Assert.False(Threshold.Allows("Lb.Actors.SiteActor", LogLevel.Warning));
        Assert.True(Threshold.Allows("Lb.Host", LogLevel.Debug));

        await _node.RunAsync("log level", "level", "default", "category", "Lb.Actors");
        Assert.True(Threshold.Allows("Lb.Actors.SiteActor", LogLevel.Debug));
        JsonElement back = await _node.RunAsync("log level", "level", "default");
        Assert.Contains("the site file says info", back.GetProperty("message").GetString());
        Assert.Equal(LogLevel.Information, Threshold.Level);
    }

    [Theory]
    [InlineData(400, "log tail", "level", "loud")]
    [InlineData(400, "log tail", "lines", "1001")]
    [InlineData(400, "log tail", "lines", "many")]
    [InlineData(400, "log tail", "since", "noon")]
    [InlineData(400, "log level", "level", "loud")]
    [InlineData(409, "log level", "level", "debug", "category", "Lb.Nowhere")]
    [InlineData(409, "log level", "level", "debug", "category", "")]
    public async Task What_cannot_be_is_refused(int status, string command, params string[] arguments) =>
        await _node.RefusedAsync(status, command, arguments);

    private void Say(int id, LogLevel level, string text = "") => Feed.Add(new LogEntry(
        DateTimeOffset.UtcNow, level, "Lb.Test", new EventId(id, "Said"), $"event {id}{text}", null));
}
