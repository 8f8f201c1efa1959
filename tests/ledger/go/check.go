// Checks what a register gives to strangers with the packages that Go's own checksum database is checked with.
//
// It is run as: go run check.go DIR, where DIR holds
//
//	key                 the public key
//	export/             the export: checkpoint, tile/…
//	leaves/N            the exact bytes of entry N
//	receipts/N          the receipt of entry N
//	checkpoints/SIZE    a checkpoint over the first SIZE entries
//	consistency/OLD-NEW the proof between two of those checkpoints
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var verifiers note.Verifiers

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(parts ...string) []byte {
	content, err := os.ReadFile(filepath.Join(parts...))
	must(err)
	return content
}

func hash(text string) (found tlog.Hash) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	must(err)
	if copy(found[:], decoded) != tlog.HashSize {
		must(fmt.Errorf("%q is no hash", text))
	}
	return found
}

func hashes(text string) (found []tlog.Hash) {
	for _, line := range strings.Fields(text) {
		found = append(found, hash(line))
	}
	return found
}

// checkpoint opens a signed note and returns the tree that it is of.
func checkpoint(content []byte) tlog.Tree {
	opened, err := note.Open(content, verifiers)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		must(fmt.Errorf("%q is no checkpoint of %s", opened.Text, opened.Sigs[0].Name))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return tlog.Tree{N: size, Hash: hash(lines[2])}
}

// receipt checks that a receipt shows a leaf to be where it says.
func receipt(content, leaf []byte) {
	above, note, found := strings.Cut(string(content), "\n\n")
	lines := strings.Split(above, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		must(fmt.Errorf("%q is no receipt", content))
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	must(err)
	tree := checkpoint([]byte(note))
	must(tlog.CheckRecord(hashes(strings.Join(lines[2:], "\n")), tree.N, tree.Hash, index, tlog.RecordHash(leaf)))
}

// tiles reads the tiles of an export; tlog holds each of them against the checkpoint.
type tiles struct{ folder string }

func (t tiles) Height() int                      { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) (found [][]byte, err error) {
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1) // the height is always 8 and not in the path
		found = append(found, read(t.folder, path))
	}
	return found, nil
}

func entries(folder string, size int64) (found [][]byte) {
	for place := int64(0); place*256 < size; place++ {
		width := size - place*256
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: 8, L: 0, N: place, W: int(width)}.Path()
		bundle := read(folder, strings.Replace(path, "tile/8/0/", "tile/entries/", 1))
		for len(bundle) > 0 {
			length := int(bundle[0])<<8 | int(bundle[1])
			found, bundle = append(found, bundle[2:2+length]), bundle[2+length:]
		}
	}
	return found
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(folder, "key"))))
	must(err)
	verifiers = note.VerifierList(verifier)

	export := filepath.Join(folder, "export")
	tree := checkpoint(read(export, "checkpoint"))
	found := entries(export, tree.N)
	indices := make([]int64, len(found))
	for index := range found {
		indices[index] = tlog.StoredHashIndex(0, int64(index))
	}
	proven, err := tlog.TileHashReader(tree, tiles{export}).ReadHashes(indices)
	must(err)
	for index, entry := range found {
		if proven[index] != tlog.RecordHash(entry) {
			must(fmt.Errorf("entry %d is not in the tree", index))
		}
	}
	if int64(len(found)) != tree.N {
		must(fmt.Errorf("%d entries, and %d are due", len(found), tree.N))
	}

	receipts, err := os.ReadDir(filepath.Join(folder, "receipts"))
	must(err)
	for _, file := range receipts {
		leaf := read(folder, "leaves", file.Name())
		receipt(read(folder, "receipts", file.Name()), leaf)
		index, err := strconv.Atoi(file.Name())
		must(err)
		if !bytes.Equal(leaf, found[index]) {
			must(fmt.Errorf("leaf %d is not the one in the export", index))
		}
	}

	proofs, err := os.ReadDir(filepath.Join(folder, "consistency"))
	must(err)
	for _, file := range proofs {
		before, after, _ := strings.Cut(file.Name(), "-")
		older, newer := checkpoint(read(folder, "checkpoints", before)), checkpoint(read(folder, "checkpoints", after))
		proof := hashes(string(read(folder, "consistency", file.Name())))
		must(tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash))
	}
	fmt.Printf("%d entries, %d receipts, %d proofs of consistency\n", tree.N, len(receipts), len(proofs))
}
