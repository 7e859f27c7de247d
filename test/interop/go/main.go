// Verifies a log of Sallyport's with the Go project's own packages, as a stranger would: checkpoint, tiles,
// inclusion, consistency and entries, all over HTTP.
//
//	verify <address of the log> <verifier key> <size of an earlier checkpoint> <its root, base64>
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(url, vkey, oldSize, oldRoot string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	source, err := get(url + "/checkpoint")
	if err != nil {
		return err
	}
	signed, err := note.Open(source, note.VerifierList(verifier))
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	tree, err := parse(signed.Text)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, &reader{url: url})
	for _, index := range []int64{0, 1, 255, 256, tree.N / 2, tree.N - 1} {
		if err := checkLeaf(url, tree, hashes, index); err != nil {
			return fmt.Errorf("leaf %d: %w", index, err)
		}
	}
	old, err := strconv.ParseInt(oldSize, 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(oldRoot)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, old, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old, root); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	fmt.Printf("%d leaves, %d hashes from %d\n", tree.N, len(proof), old)
	return nil
}

// checkLeaf reads the leaf from its bundle and proves that it is in the tree.
func checkLeaf(url string, tree tlog.Tree, hashes tlog.HashReader, index int64) error {
	n := index / 256
	width := tree.N - n*256
	if width > 256 {
		width = 256
	}
	tile := tlog.Tile{H: tileHeight, L: -1, N: n, W: int(width)}
	bundle, err := get(url + "/" + pathOf(tile))
	if err != nil {
		return err
	}
	var leaf []byte
	count := int64(0)
	for len(bundle) > 0 {
		size := int(binary.BigEndian.Uint16(bundle))
		if count == index%256 {
			leaf = bundle[2 : 2+size]
		}
		bundle = bundle[2+size:]
		count++
	}
	if count != width {
		return fmt.Errorf("%d leaves in a bundle of %d", count, width)
	}
	proof, err := tlog.ProveRecord(tree.N, index, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf))
}

// parse reads a checkpoint: the package's own parser knows the Go project's first line alone.
func parse(text string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return tlog.Tree{}, fmt.Errorf("no checkpoint: %q", text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(raw) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("no root: %q", lines[2])
	}
	var hash tlog.Hash
	copy(hash[:], raw)
	return tlog.Tree{N: size, Hash: hash}, nil
}

type reader struct{ url string }

func (r *reader) Height() int { return tileHeight }

func (r *reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, err := get(r.url + "/" + pathOf(tile))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func (r *reader) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

// pathOf turns the package's path into that of C2SP tlog-tiles: no height, and "entries" for "data".
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func get(url string) ([]byte, error) {
	reply, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, reply.Status)
	}
	return io.ReadAll(reply.Body)
}
