using System.Collections.Immutable;
using System.Net;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Announce;

/// <summary>Tells routers of VIPs through a bird of its own.</summary>
internal sealed class BirdSpeaker : IRouteSpeaker
{
    private static readonly TimeSpan LookTime = TimeSpan.FromMilliseconds(500);
    private const int Patience = 4;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(1);

    private readonly BgpOptions _options;
    private readonly string _folder;
    private readonly ILogger _log;
    private readonly BirdProcess _process;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private readonly Task _talking;
    private volatile ImmutableHashSet<IPAddress> _vips = [];
    private volatile RouteSpeakerState _state;
    private int _failures;

    /// <summary>Starts bird.</summary>
    /// <param name="options">Who is told.</param>
    /// <param name="folder">Where its files are.</param>
    /// <param name="log">For what becomes of it.</param>
    public BirdSpeaker(BgpOptions options, string folder, ILogger log)
    {
        _options = options;
        _folder = folder;
        _log = log;
        _state = new RouteSpeakerState([], [.. options.Neighbors.Select(n => Neighbour(n, "starting", up: false))], null);
        Directory.CreateDirectory(folder);
        _process = new BirdProcess(options.Program, ConfigFile, ControlSocket, () => WriteConfig(_vips), log);
        _talking = Task.Run(TalkAsync);
    }

    /// <inheritdoc/>
    public RouteSpeakerState State => _state;

    private string ConfigFile => Path.Combine(_folder, "bird.conf");

    private string ControlSocket => Path.Combine(_folder, "bird.ctl");

    /// <inheritdoc/>
    public void Announce(ImmutableHashSet<IPAddress> vips)
    {
        _vips = vips;
        if (_wanted.CurrentCount == 0)
        {
            _wanted.Release();
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _talking.Wait();
        try
        {
            // It takes leave of its neighbours.
            Task.Run(LeaveAsync).Wait(EndTime);
        }
        catch (AggregateException)
        {
            // It does not run, or does not answer: it is killed, and neighbours notice.
        }

        _process.Dispose();
        File.Delete(ConfigFile);
        File.Delete(ControlSocket);
        _end.Dispose();
        _wanted.Dispose();
    }

    private static RouteNeighbour Neighbour(BgpNeighbor neighbor, string state, bool up, string? bfd = null) =>
        new(neighbor.Name, neighbor.Address, state, up, bfd ?? (neighbor.Bfd ? "unknown" : null));

    private async Task LeaveAsync()
    {
        using BirdControl control = await BirdControl.ConnectAsync(ControlSocket);
        await control.AskAsync("down");
    }

    private async Task TalkAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await TalkOnceAsync();
            }
            catch (IOException e)
            {
                Lost(_process.Problem ?? e.Message);
            }

            try
            {
                await _wanted.WaitAsync(LookTime, _end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task TalkOnceAsync()
    {
        using BirdControl control = await BirdControl.ConnectAsync(ControlSocket);
        ImmutableHashSet<IPAddress> wanted = _vips;
        if (!wanted.SetEquals(_state.Told) || _state.Problem is not null)
        {
            WriteConfig(wanted);
            await control.AskAsync("configure soft");
        }

        IReadOnlyList<BirdLine> protocols = await control.AskAsync("show protocols");
        IReadOnlyList<BirdLine> sessions = await control.AskAsync("show bfd sessions");
        _failures = 0;
        RouteSpeakerState before = _state;
        _state = new RouteSpeakerState(
            wanted, [.. _options.Neighbors.Select(neighbor => BirdReading.Read(neighbor, _options, protocols, sessions))], null);
        foreach (RouteNeighbour now in _state.Neighbours.Where(
            now => before.Neighbours.FirstOrDefault(was => was.Name == now.Name)?.State != now.State))
        {
            _log.NeighbourIs(now.Name, now.Address, now.State);
        }
    }

    private void Lost(string problem)
    {
        // One that has just been started does not answer yet.
        if (++_failures == Patience && _process.Problem is null)
        {
            _log.BirdNotTold(problem);
        }

        _state = new RouteSpeakerState([], [.. _options.Neighbors.Select(n => Neighbour(n, "no bird", up: false))], problem);
    }

    /// <summary>Passwords are in it: it is for its owner alone, from the first byte on.</summary>
    private void WriteConfig(ImmutableHashSet<IPAddress> vips)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        string next = ConfigFile + ".new";
        using (StreamWriter writer = new(next, options))
        {
            writer.Write(BirdConfig.Write(_options, vips));
        }

        File.Move(next, ConfigFile, overwrite: true);
    }
}
