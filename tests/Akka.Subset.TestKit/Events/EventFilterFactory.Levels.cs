using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.TestKit;

/// <content>Expectations about events of one level.</content>
public partial class EventFilterFactory
{
    /// <summary>Expects errors.</summary>
    public IEventFilterApplier Error(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfLevel<Error>(TextMatch.Of(message, start, contains), source);

    /// <summary>Expects errors.</summary>
    public IEventFilterApplier Error(Regex pattern, string? source = null) =>
        OfLevel<Error>(TextMatch.Of(pattern), source);

    /// <summary>Expects warnings.</summary>
    public IEventFilterApplier Warning(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfLevel<Warning>(TextMatch.Of(message, start, contains), source);

    /// <summary>Expects warnings.</summary>
    public IEventFilterApplier Warning(Regex pattern, string? source = null) =>
        OfLevel<Warning>(TextMatch.Of(pattern), source);

    /// <summary>Expects info events.</summary>
    public IEventFilterApplier Info(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfLevel<Info>(TextMatch.Of(message, start, contains), source);

    /// <summary>Expects info events.</summary>
    public IEventFilterApplier Info(Regex pattern, string? source = null) =>
        OfLevel<Info>(TextMatch.Of(pattern), source);

    /// <summary>Expects debug events.</summary>
    public IEventFilterApplier Debug(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfLevel<Debug>(TextMatch.Of(message, start, contains), source);

    /// <summary>Expects debug events.</summary>
    public IEventFilterApplier Debug(Regex pattern, string? source = null) =>
        OfLevel<Debug>(TextMatch.Of(pattern), source);
}
