using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Lb.Cluster.Certificates;
using Lb.Cluster.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Lb.Cluster.Mesh;

/// <summary>Takes the streams of other nodes, and hands on the messages that are theirs.</summary>
internal sealed class MeshReceiver(MeshContext context, Action<string> connected, CancellationToken end)
{
    private readonly ConcurrentDictionary<Incoming, bool> _open = [];

    /// <summary>Who is told of messages.</summary>
    public ReceivedMessage Received { get; set; } = static _ => { };

    /// <summary>How many streams there are.</summary>
    public int Count => _open.Count;

    /// <summary>Ends the streams of those whose certificates are not good any more.</summary>
    public void CheckAgain()
    {
        var credentials = context.Credentials.Current;
        foreach (var incoming in _open.Keys)
        {
            try
            {
                if (CertificateRules.Check(
                    incoming.Certificate, credentials.Certificates, credentials.Authorities, context.Credentials.Cluster,
                    CertificateRules.ClientUse, incoming.Host, context.Time.GetUtcNow()) is { } refusal)
                {
                    context.Refuse(incoming.From, refusal);
                    incoming.End($"{refusal}");
                }
            }
            catch (CryptographicException)
            {
                // The connection has just ended, and its certificate with it.
            }
        }
    }

    /// <summary>Handles a request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (http.Request.Method != HttpMethods.Post
            || http.Request.Path.Value is not (MeshNames.QuickPath or MeshNames.BulkPath))
        {
            await SayAsync(http, StatusCodes.Status404NotFound, "there is nothing like that here");
            return;
        }

        if (end.IsCancellationRequested)
        {
            await SayAsync(http, StatusCodes.Status503ServiceUnavailable, "this node ends");
            return;
        }

        var from = http.Request.Headers[MeshNames.From].ToString();
        if (MeshListener.CertificateOf(http) is not { } certificate || MeshNames.Parse(from) is not { } endpoint)
        {
            await SayAsync(http, StatusCodes.Status400BadRequest, $"[{from}] is no address of a node");
            return;
        }

        var credentials = context.Credentials.Current;
        if (CertificateRules.Check(
            certificate, credentials.Certificates, credentials.Authorities, context.Credentials.Cluster,
            CertificateRules.ClientUse, endpoint.Address, context.Time.GetUtcNow()) is { } refusal)
        {
            context.Refuse(from, refusal);
            await SayAsync(http, StatusCodes.Status403Forbidden, $"{refusal}");
            return;
        }

        _ = ProtocolVersions.TryParse(http.Request.Headers[MeshNames.Versions].ToString(), out var theirs);
        if (context.Options.Versions.HighestCommon(theirs) is not { } version)
        {
            context.Counters.Add(MeshCount.Incompatible);
            context.Reports.Tell(new MeshReport.Incompatible(from, context.Options.Versions, theirs));
            http.Response.Headers[MeshNames.Versions] = $"{context.Options.Versions}";
            await SayAsync(
                http, StatusCodes.Status426UpgradeRequired,
                $"you speak versions {theirs} of the protocol, and this node {context.Options.Versions}");
            return;
        }

        http.Response.Headers[MeshNames.Version] = $"{version}";
        await http.Response.StartAsync(end);
        await http.Response.Body.FlushAsync(end);
        connected(from);
        using var incoming = new Incoming(from, endpoint.Address, certificate, end);
        _open.TryAdd(incoming, true);
        try
        {
            await ReceiveAsync(http, incoming);
        }
        finally
        {
            _open.TryRemove(incoming, out _);
        }
    }

    private static async Task SayAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsync(text);
    }

    private async Task ReceiveAsync(HttpContext http, Incoming incoming)
    {
        var frames = new FrameReader(context.Options.LongestMessage);
        var reader = http.Request.BodyReader;
        string? problem = null;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(incoming.Stop);
                foreach (var part in read.Buffer)
                {
                    context.Counters.Add(MeshCount.ReceivedBytes, part.Length);
                    frames.Feed(part.Span, message => Deliver(incoming, message));
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (FrameTooLongException e)
        {
            context.Counters.Add(MeshCount.FramesTooLong);
            context.Reports.Tell(new MeshReport.FrameTooLong(incoming.From, e.Length, e.Limit));
            problem = e.Message;
        }
        catch (OperationCanceledException)
        {
            problem = incoming.Reason ?? "this node ends";
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            // The sender has gone, or let the stream go.
            return;
        }

        await http.Response.WriteAsync(problem, CancellationToken.None);
    }

    private void Deliver(Incoming incoming, ReadOnlySpan<byte> message)
    {
        if (!MessageHeader.TryRead(message, out var header))
        {
            context.Counters.Add(MeshCount.SkippedDamaged);
        }
        else if (!header.Sender.SequenceEqual(incoming.FromBytes))
        {
            context.Counters.Add(MeshCount.SkippedFalseSender);
            context.Reports.Tell(new MeshReport.FalseSender(incoming.From, Encoding.UTF8.GetString(header.Sender)));
        }
        else if (context.Options.Kinds.Find(header.Kind) is null)
        {
            context.Counters.Add(MeshCount.SkippedUnknown);
        }
        else
        {
            context.Counters.Add(MeshCount.ReceivedMessages);
            Received(message);
        }
    }

    /// <summary>A stream of another node.</summary>
    private sealed class Incoming(string from, IPAddress host, X509Certificate2 certificate, CancellationToken end) : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(end);

        public string From => from;

        public byte[] FromBytes { get; } = Encoding.UTF8.GetBytes(from);

        public IPAddress Host => host;

        public X509Certificate2 Certificate => certificate;

        public CancellationToken Stop => _stop.Token;

        public string? Reason { get; private set; }

        public void End(string reason)
        {
            Reason = reason;
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }

        public void Dispose() => _stop.Dispose();
    }
}
