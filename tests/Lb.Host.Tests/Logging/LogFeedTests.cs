using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Logging;

public sealed class LogFeedTests
{
    private readonly LogFeed _feed = new();

    [Fact]
    public void The_newest_events_are_kept()
    {
        Add(1, LogFeed.Kept + 5);
        Assert.Equal(Enumerable.Range(6, LogFeed.Kept), _feed.Newest().Select(entry => entry.Event.Id));
    }

    [Fact]
    public async Task A_reader_gets_each_event_once_also_while_others_log()
    {
        Task logging = Task.Run(() => Add(1, 900));
        using LogReader reader = _feed.Follow()!;
        await logging;
        List<int> seen = [.. reader.Before.Select(entry => entry.Event.Id)];
        while (reader.Events.TryRead(out LogEntry? entry))
        {
            seen.Add(entry.Event.Id);
        }

        Assert.Equal(Enumerable.Range(1, 900), seen);
        Assert.Equal(0, reader.TakeLost());
    }

    [Fact]
    public void A_slow_reader_loses_the_oldest_events_and_is_told_how_many_and_holds_nobody_up()
    {
        using LogReader slow = _feed.Follow()!;
        Add(1, 5000);
        Assert.Equal(4000, slow.TakeLost());
        Assert.Equal(0, slow.TakeLost());
        Assert.True(slow.Events.TryRead(out LogEntry? oldest));
        Assert.Equal(4001, oldest.Event.Id);
    }

    [Fact]
    public void Readers_are_limited_and_make_room_when_they_leave()
    {
        LogReader[] readers = [.. Enumerable.Range(0, LogFeed.MostReaders).Select(_ => _feed.Follow()!)];
        Assert.Null(_feed.Follow());
        readers[0].Dispose();
        using LogReader? next = _feed.Follow();
        Assert.NotNull(next);
    }

    private void Add(int first, int count)
    {
        for (int id = first; id < first + count; id++)
        {
            _feed.Add(new LogEntry(
                DateTimeOffset.UnixEpoch, LogLevel.Information, "Lb.Test", new EventId(id, $"E{id}"), "hello", null));
        }
    }
}
