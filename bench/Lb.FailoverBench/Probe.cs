using System.Net;
using System.Net.Sockets;
using Lb.Testing;

namespace Lb.FailoverBench;

/// <summary>Opens connections to a VIP at a steady pace and remembers which were answered.</summary>
internal sealed class Probe : IDisposable
{
    /// <summary>Time from one round to the next: how exact the figures are.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>A SYN that is not answered for so long was lost: its repetition would come after a second.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    private readonly TestNamespace _client;
    private readonly IPEndPoint _service;
    private readonly int _eachRound;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly List<(long Sent, Task<bool> Answered)> _sent = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    public Probe(TestNamespace client, IPEndPoint service, int eachRound)
    {
        _client = client;
        _service = service;
        _eachRound = eachRound;
        _sending = Task.Factory.StartNew(
            () => _client.Invoke(Send), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Ends it and says how long after a moment the last SYN was sent that nobody answered; null when all were answered.
    /// </summary>
    public TimeSpan? LastUnansweredAfter(long moment)
    {
        _stop.Cancel();
        _sending.Wait();
        Task.WaitAll([.. _sent.Select(one => one.Answered)]);
        long[] lost = [.. _sent.Where(one => one.Sent >= moment && !one.Answered.Result).Select(one => one.Sent)];
        return lost is [] ? null : _clock.GetElapsedTime(moment, lost.Max()) + Pace;
    }

    public void Dispose() => _stop.Dispose();

    private void Send()
    {
        long next = _clock.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            for (int i = 0; i < _eachRound; i++)
            {
                Socket socket = new(_service.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                _sent.Add((_clock.GetTimestamp(), AskAsync(socket)));
            }

            next += (long)(Pace.TotalSeconds * _clock.TimestampFrequency);
            TimeSpan left = _clock.GetElapsedTime(_clock.GetTimestamp(), next);
            if (left > TimeSpan.Zero)
            {
                Thread.Sleep(left);
            }
        }
    }

    private async Task<bool> AskAsync(Socket socket)
    {
        using Socket owned = socket;
        using CancellationTokenSource limit = new(AnswerTime);
        try
        {
            await owned.ConnectAsync(_service, limit.Token);
            owned.LingerState = new LingerOption(enable: true, seconds: 0);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
