using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed partial class EventFilterTests() : KitTest("akka.loglevel = DEBUG")
{
    [Fact]
    public void An_event_of_each_level_is_expected()
    {
        EventFilter.Debug("d").ExpectOne(() => Log.Debug("d"));
        EventFilter.Info(start: "in").ExpectOne(() => Log.Info("info"));
        EventFilter.Warning(contains: "arn").ExpectOne(() => Log.Warning("warning"));
        EventFilter.Error(Digits()).ExpectOne(() => Log.Error("error 17"));
        Assert.Equal(1, EventFilter.Info("i").ExpectOne(() => Logs("i")));
    }

    [Fact]
    public void A_missing_event_fails_with_what_was_logged_instead() => Fails(
        () => EventFilter.Error("wanted").ExpectOne(Short, () => Log.Error("unwanted")),
        "1 of these", "0 came", "wanted", "Error from", "unwanted");

    [Fact]
    public void Too_many_events_fail_with_their_number() => Fails(
        () => EventFilter.Info("i").ExpectOne(() =>
        {
            // One batch: the second is there when the first is seen.
            EventFilter.Info("i").Expect(2, () =>
            {
                Log.Info("i");
                Log.Info("i");
            });
        }),
        "1 of these", "2 came");

    [Fact]
    public void A_number_of_events_is_expected()
    {
        EventFilter.Info("i").Expect(2, () =>
        {
            Log.Info("i");
            Log.Info("i");
        });
        EventFilter.Info("i").Expect(0, Short, () => Log.Info("other"));
        Fails(() => EventFilter.Info("i").Expect(0, Short, () => Log.Info("i")), "0 of these", "1 came");
    }

    [Fact]
    public async Task Events_are_awaited_too()
    {
        await EventFilter.Info("i").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Log.Info("i");
        });
        await EventFilter.Info("i").ExpectAsync(1, TimeSpan.FromSeconds(30), () => Task.Run(() => Log.Info("i")));
        var filter = EventFilter.Info("i");
        await filter.ExpectAsync(1, () => Task.Run(() => Log.Info("i")), TimeSpan.FromSeconds(30));
        Assert.Equal(1, await filter.ExpectOneAsync(() => Task.Run(() => Logs("i"))));
        Assert.Equal(1, await filter.ExpectOneAsync(TimeSpan.FromSeconds(30), () => Task.Run(() => Logs("i"))));
        Assert.Equal(1, await filter.ExpectAsync(1, () => Task.Run(() => Logs("i"))));
        Assert.Equal(1, await filter.ExpectAsync(1, TimeSpan.FromSeconds(30), () => Task.Run(() => Logs("i"))));
        await FailsAsync(
            () => EventFilter.Info("i").ExpectOneAsync(Short, () => Task.CompletedTask), "nothing else was logged");
    }

    [Fact]
    public void An_exception_is_expected_by_its_type_and_text()
    {
        var echo = ActorOf<Echo>("thrower");

        EventFilter.Exception<FormatException>("boom").ExpectOne(() => echo.Tell(new FormatException("boom")));
        EventFilter.Exception<FormatException>(Digits()).ExpectOne(() => echo.Tell(new FormatException("no 7")));
        EventFilter.Exception<Exception>(source: "/user/thrower").ExpectOne(
            () => echo.Tell(new InvalidOperationException("any")));
        EventFilter.Exception(typeof(FormatException), checkInnerExceptions: true).ExpectOne(
            () => Log.Error(new InvalidOperationException("outer", new FormatException("inner")), "both"));
        Fails(
            () => EventFilter.Exception<FormatException>().ExpectOne(
                Short, () => Log.Error(new InvalidOperationException("other"), "another")),
            "FormatException", "another");
    }

    [Fact]
    public void An_event_is_expected_from_its_source()
    {
        var echo = ActorOf<Echo>("source");
        var logged = new Logged(LogLevel.InfoLevel, "i");

        foreach (var source in new[] { echo.ToString()!, echo.Path.ToString(), "/user/source" })
        {
            EventFilter.Info(source: source).ExpectOne(() => echo.Tell(logged));
        }

        Fails(() => EventFilter.Info(source: "/user/other").ExpectOne(Short, () => echo.Tell(logged)), "/user/other");
    }

    [Fact]
    public void A_dead_letter_is_expected_by_its_type_and_content()
    {
        var gone = ActorOf<Echo>();
        Watch(gone);
        Sys.Stop(gone);
        ExpectTerminated(gone);

        EventFilter.DeadLetter().ExpectOne(() => gone.Tell("a"));
        EventFilter.DeadLetter<string>().ExpectOne(() => gone.Tell("a"));
        EventFilter.DeadLetter<string>(text => text == "b").ExpectOne(() => gone.Tell("b"));
        EventFilter.DeadLetter(typeof(int), n => n is 1).ExpectOne(() => gone.Tell(1));
        Fails(() => EventFilter.DeadLetter<int>().ExpectOne(Short, () => gone.Tell("a")), "Int32", "0 came");
    }

    [Fact]
    public void An_event_is_expected_by_a_predicate_or_as_one_of_two()
    {
        EventFilter.Custom(e => e.Message.ToString() == "x").ExpectOne(() => Log.Debug("x"));
        EventFilter.Custom<Warning>(e => e.LogLevel() == LogLevel.WarningLevel).ExpectOne(() => Log.Warning("x"));
        EventFilter.Info("a").And.Warning("b").Expect(2, () =>
        {
            Log.Info("a");
            Log.Warning("b");
        });
    }

    [Fact]
    public async Task Muted_events_are_not_printed_until_they_are_unmuted()
    {
        using (EventFilter.Info("quiet").Mute())
        {
            Log.Info("quiet");
        }

        var muted = EventFilter.Info("quiet").Mute();
        muted.Unmute();
        EventFilter.Info("quiet").Mute(() => Log.Info("quiet"));
        Assert.Equal(1, EventFilter.Info("quiet").Mute(() => Logs("quiet")));
        await EventFilter.Info("quiet").MuteAsync(() => Task.Run(() => Log.Info("quiet")));
        Assert.Equal(1, await EventFilter.Info("quiet").MuteAsync(() => Task.Run(() => Logs("quiet"))));
    }

    [Fact]
    public void The_events_of_another_system_are_expected_too()
    {
        using var other = new Other();

        CreateEventFilter(other.Sys).Info("there").ExpectOne(() => other.Log.Info("there"));
    }

    private int Logs(string text)
    {
        Log.Info(text);
        return 1;
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();

    private sealed class Other() : Xunit2.TestKit(DefaultConfig, "other"), INoImplicitSender;
}
