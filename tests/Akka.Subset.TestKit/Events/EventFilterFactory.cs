using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// Makes expectations about log events. Of the ways to say what the text must be the first one given counts; with
/// none, every text will do.
/// </summary>
public partial class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<LogFilter> _filters;

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogFilter> filters)
    {
        _testkit = testkit;
        _system = system;
        _filters = filters;
    }

    /// <summary>Expects errors with an exception of the type; the text is the event's or the exception's.</summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception =>
        Exception(typeof(TException), message, start, contains, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception =>
        Exception(typeof(TException), pattern, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null,
        string? source = null, bool checkInnerExceptions = false) =>
        Exception(exceptionType, TextMatch.Of(message, start, contains), source, checkInnerExceptions);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception(
        Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        Exception(exceptionType, TextMatch.Of(pattern), source, checkInnerExceptions);

    /// <summary>Expects events for which the predicate holds.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) =>
        Applier("events a predicate holds for", logEvent => predicate(logEvent));

    /// <summary>Expects events of the type for which the predicate holds.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent =>
        Applier(
            $"{typeof(TLogEvent).Name} events a predicate holds for",
            logEvent => logEvent is TLogEvent typed && predicate(typed));

    /// <summary>Expects dead letters.</summary>
    public IEventFilterApplier DeadLetter() => DeadLetters("dead letters", static _ => true, null);

    /// <summary>Expects dead letters whose message is of the type.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter(typeof(TMessage), source);

    /// <summary>Expects dead letters whose message is of the type and is accepted.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetter(typeof(TMessage), message => isMatch((TMessage)message), source);

    /// <summary>Expects dead letters whose message is of the type.</summary>
    public IEventFilterApplier DeadLetter(Type type, string? source = null) =>
        DeadLetter(type, static _ => true, source);

    /// <summary>Expects dead letters whose message is of the type and is accepted.</summary>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        DeadLetters(
            $"dead letters of type {type.Name}", message => type.IsInstanceOfType(message) && isMatch(message), source);

    private EventFilterApplier DeadLetters(string description, Func<object, bool> isMatch, string? source) =>
        Applier(
            description + Source(source),
            logEvent => logEvent is Warning { Message: DeadLetter letter }
                && isMatch(letter.Message) && TextMatch.IsSource(logEvent, source));

    private EventFilterApplier Exception(Type type, TextMatch text, string? source, bool checkInner) =>
        Applier(
            $"errors with {type.Name}{text}{Source(source)}",
            logEvent => logEvent is Error { Cause: { } cause } && TextMatch.IsSource(logEvent, source)
                && Causes(cause, checkInner).Any(each => type.IsInstanceOfType(each)
                    && (text.Matches(logEvent.Message) || text.Matches(each.Message))));

    private EventFilterApplier OfLevel<TEvent>(TextMatch text, string? source)
        where TEvent : LogEvent =>
        Applier(
            $"{typeof(TEvent).Name} events{text}{Source(source)}",
            logEvent => logEvent is TEvent && text.Matches(logEvent.Message)
                && TextMatch.IsSource(logEvent, source));

    private static IEnumerable<Exception> Causes(Exception cause, bool checkInner)
    {
        for (var each = cause; each is not null; each = checkInner ? each.InnerException : null)
        {
            yield return each;
        }
    }

    private static string Source(string? source) => source is null ? "" : $" from [{source}]";

    private EventFilterApplier Applier(string description, Func<LogEvent, bool> matches) =>
        new(_testkit, _system, [.. _filters, new LogFilter(description, matches)]);
}
